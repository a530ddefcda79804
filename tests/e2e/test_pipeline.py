"""The whole pipeline through the real dvc, on the nano model."""

import json

import pytest
from repository import Repository, encrypted_model, ran

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

AFTER_TRAIN = {
    "train", "quantize@gptq-int4", "quantize@gguf-q8_0", "generate", "generate_quantized@gptq-int4",
    "generate_quantized@gguf-q8_0",
}  # fmt: skip
"""The costly stages that training a model makes run."""


def up_to_date(repository: Repository) -> bool:
    return "Data and pipelines are up to date." in repository.dvc("repro")


def test_repro_again_does_nothing(finished):
    assert up_to_date(finished)
    assert finished.is_clean()


def test_every_variant_has_its_scores(finished):
    for variant in ("unquantized", "gptq-int4", "gguf-q8_0"):
        metrics = json.loads((finished.path / f"metrics/details/eval/{variant}.json").read_text())
        scores = metrics["scorers"]["metrics"]
        assert 0 <= scores["ci_low"] <= scores["score"] <= scores["ci_high"] <= 1
        assert scores["n"] == 22 and scores["unscored"] == {} and metrics["size_mb"] > 0
        if variant != "unquantized":
            assert metrics["kl_divergence"] >= 0 and 0 <= metrics["top1_agreement"] <= 1


def test_lora_reruns_train_and_what_follows(branch):
    assert branch.experiment("train.method=lora") == AFTER_TRAIN
    reference = json.loads((branch.path / "models/trained/model_ref.json").read_text())
    assert reference["path"] == "models/pretrained"
    # back to full fine-tuning: everything comes from the run cache
    assert branch.experiment("train.method=ft") == set()


def test_lora_knobs_do_not_touch_full_fine_tuning(branch):
    assert branch.experiment("train.lora.rank=4", "train.lora.learning_rate=2e-5") == set()


def test_another_scheme_runs_only_its_own_stages_and_f16_answers_like_the_unquantized_model(branch):
    assert branch.experiment("quantize.schemes=[gguf-f16]") == {"quantize@gguf-f16", "generate_quantized@gguf-f16"}
    unquantized, f16 = (
        (branch.path / f"eval/{variant}/answers.jsonl").read_text() for variant in ("unquantized", "gguf-f16")
    )
    assert unquantized == f16


def test_another_checkpoint_switches_training_off_and_on_again(branch):
    # calibration samples and the variants follow the checkpoint; nothing is trained
    assert branch.experiment("checkpoint=pretrained") == AFTER_TRAIN
    assert json.loads((branch.path / "models/trained/model_ref.json").read_text()) == {"path": "models/pretrained"}
    assert json.loads((branch.path / "metrics/details/train.json").read_text())["steps"] == 0
    assert branch.experiment("checkpoint=trained") == set()


def test_pretraining_skipped_and_back(branch):
    skipped = branch.experiment("pretrain.enabled=false")
    # texts that nothing uses are not even downloaded
    assert {"download_data@texts", "pretrain", "train"} <= skipped
    assert not skipped & {"download_model", "download_data@conversations"}
    assert json.loads((branch.path / "models/pretrained/model_ref.json").read_text()) == {"path": "models/extended"}
    assert branch.experiment("pretrain.enabled=true") == set()
    assert branch.experiment("pretrain.enabled=false") == set()


def test_decrypting_released_weights_trains_nothing(branch):
    """An encrypted local model, decrypted, quantized and scored without training; then back."""
    encrypted_model(branch)
    released = ["model.profile=nano-enc", "decrypt.enabled=true", "decrypt.key=key.pth", "checkpoint=decrypted",
                "pretrain.enabled=false"]  # fmt: skip
    ran = branch.experiment(*released)
    assert {"download_model", "decrypt", "generate", "quantize@gptq-int4"} <= ran
    for stage in ("pretrain", "train"):
        assert json.loads((branch.path / f"metrics/details/{stage}.json").read_text())["steps"] == 0
    assert (
        branch.experiment(
            "model.profile=nano",
            "decrypt.enabled=false",
            "decrypt.key=null",
            "checkpoint=trained",
            "pretrain.enabled=true",
        )
        == set()
    )


def test_queued_experiment_runs_its_own_code(branch):
    module = branch.path / "src/belle/score/metrics/exact_match.py"
    original = module.read_text(encoding="utf-8")
    module.write_text(original.replace("def score(", "def unused("), encoding="utf-8")
    with module.open("a", encoding="utf-8") as stream:
        stream.write("\n\ndef score(answer: str, reference: str) -> float:\n    return 1.0\n")
    branch.dvc("exp", "run", "--queue", "-n", "generous")
    module.write_text(original, encoding="utf-8")
    branch.finish_queue()
    here = unquantized_score(branch)
    branch.dvc("exp", "apply", "generous")
    assert "return 1.0" in module.read_text(encoding="utf-8")
    assert unquantized_score(branch) > here + 0.3


def unquantized_score(repository: Repository) -> float:
    return json.loads((repository.path / "metrics/scores/unquantized.json").read_text())["unquantized"]


def test_a_mistake_in_a_late_section_stops_the_first_stage(branch):
    params = branch.path / "params.yaml"
    params.write_text(
        params.read_text().replace("group_size: 32", "group_size: 256").replace("limit: 300", "limit: 200")
    )
    before = branch.lock()
    output = branch.run("dvc", "repro", exit_code=255)
    assert "quantize.gptq.group_size: 256 does not divide the model's hidden_size, 64" in output
    assert "Traceback" not in output and ran(output) == {"check"}
    # nothing that the change affects has been deleted, and taking it back needs no work
    assert (branch.path / "models/trained/model.safetensors").exists()
    branch.run("git", "checkout", "-q", "params.yaml")
    assert ran(branch.dvc("repro")) <= {"check"}
    assert branch.lock() == before


def test_a_wrong_value_that_no_stage_uses_is_refused(branch):
    output = branch.run("dvc", "exp", "run", "-S", "train.lora.rank=abc", exit_code=255)
    assert 'train.lora.rank: expected a valid integer, found "abc"' in output
    assert ran(output) == {"check"}


def test_git_brings_back_a_refused_value_of_the_same_length(branch):
    committed = (branch.path / "params.yaml").read_text()
    for override in ("train.ft.batch_size=0", "train.ft.epochs=0"):
        output = branch.run("dvc", "exp", "run", "-S", override, exit_code=255)
        assert "git checkout params.yaml" in output
        assert branch.run("git", "status", "--short") == " M params.yaml\n"
        branch.run("git", "checkout", "-q", "params.yaml")
        assert (branch.path / "params.yaml").read_text() == committed
