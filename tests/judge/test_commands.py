"""`belle judge`: what is exported or submitted is what the stage asks for, and comes back as its replies."""

import json
import shutil
from pathlib import Path

import pytest

from batch_server import json_lines, serve_batches
from belle.config.base import load_profile
from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile
from belle.config.judging import planned_judging
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.files import write_json
from belle.judge import commands
from belle.judge.judge import judge_variant
from belle.judge.material import read_material
from chat_server import completion
from judge.factories import PROMPTS, answers_to, belle_set


def write_lines(path: Path, rows: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json_lines([row.model_dump() for row in rows]))


@pytest.fixture
def workspace(change, monkeypatch):
    """Answers of two variants to eight questions, a judge, and no DVC."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("DVC_ROOT", raising=False)
    change("params.yaml", {"evaluate.scorer": "judge"})
    questions = belle_set(8)
    write_lines(Path("data/eval/questions.jsonl"), questions)
    write_json(Path("data/eval/judge_prompts.json"), PROMPTS)
    write_lines(Path("eval/unquantized/answers.jsonl"), answers_to(questions))
    write_lines(Path("eval/gptq-int4/answers.jsonl"), answers_to(questions, q_0="另一个回答。"))
    return change


def judge(variant: str, out: Path) -> None:
    judging = planned_judging().judging
    profiles = {name: load_profile(EndpointProfile, "endpoint", one.endpoint) for name, one in judging.judges.items()}
    out.mkdir()
    judge_variant(judging, profiles, BudgetParams(tokens=None, money=None), read_material(variant), ReplyStore, out)


def results_of(lines: list[dict]) -> list[dict]:
    body = json.loads(completion("得分: 0.7"))
    return [{"custom_id": one["custom_id"], "response": {"status_code": 200, "body": body}} for one in lines]


def test_an_exported_file_answered_elsewhere_is_all_that_the_stage_needs(workspace, tmp_path, capsys):
    commands.export(Path("out"))
    (path,) = Path("out").iterdir()
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    # equal answers of two variants are one request
    assert len({one["custom_id"] for one in lines}) == len(lines) > 9
    Path("results.jsonl").write_bytes(json_lines(results_of(lines)))
    commands.fetch(Path("results.jsonl"))
    commands.estimate()
    assert f"unquantized: 0 of {len(lines) - 1} requests" in capsys.readouterr().out
    workspace("configs/endpoint/local.yaml", {"base_url": "http://127.0.0.1:9/v1"})
    for variant in ("unquantized", "gptq-int4"):
        judge(variant, tmp_path / variant)
        scored = (tmp_path / variant / "judgments.jsonl").read_text().splitlines()
        assert len(scored) == 8
    commands.export(Path("nothing"))
    assert not Path("nothing").exists()


def test_a_batch_of_one_variant_is_all_that_the_stage_needs(workspace, tmp_path):
    with serve_batches() as server:
        workspace("configs/endpoint/local.yaml", {"base_url": server.address})
        commands.submit(["unquantized"])
        commands.submit(["unquantized"])
        assert len(server.batches) == 1
        server.end("completed", results_of(server.lines()))
        commands.fetch()
    judge("unquantized", tmp_path / "out")
    assert len((tmp_path / "out/replies.jsonl").read_text().splitlines()) == len(server.lines())


def test_with_a_schema_the_probe_is_part_of_the_file(workspace):
    workspace("params.yaml", {"evaluate.judge.output": "json"})
    commands.export(Path("out"), ["unquantized"])
    (path,) = Path("out").iterdir()
    bodies = [json.loads(line)["body"] for line in path.read_bytes().splitlines()]
    assert "response_format" not in bodies[0] and all("response_format" in body for body in bodies[1:])


def test_it_says_what_is_missing_and_what_that_costs(workspace, capsys):
    commands.estimate(["unquantized"])
    shown = capsys.readouterr()
    assert "unquantized: " in shown.out and "to local to send" in shown.out
    assert "have no reply yet; at most " in shown.err and "USD" in shown.err


def test_without_a_judge_or_answers_it_says_what_to_do(workspace):
    with pytest.raises(UserError, match=r"eval/gguf-q4_k_m/answers\.jsonl: no such file"):
        commands.estimate(["gguf-q4_k_m"])
    shutil.rmtree("eval")
    with pytest.raises(UserError, match="dvc repro generate"):
        commands.estimate()
    workspace("params.yaml", {"evaluate.scorer": "metrics"})
    with pytest.raises(UserError, match="set it to judge or both"):
        commands.estimate()
