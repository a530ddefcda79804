"""The shape of dvc.yaml: edges, code deps, and the habits that keep DVC's caches honest."""

import subprocess
import sys
from pathlib import Path

import pytest
from dvc.repo import Repo
from ruamel.yaml import YAML
from stage_deps import code_deps, import_closure, is_code, stage_bodies

from belle.config.generate import GenerateParams
from belle.config.hardware import CANNOT_CHANGE_A_MODEL, HardwareProfile
from factories import STALE

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
BODIES = dict(stage_bodies(PIPELINE))

CHAIN = {"download_model", "decrypt", "extend_vocab"}
CHECKPOINT = CHAIN | {"pretrain", "train"}
EDGES = {
    "check": set(),
    "download_model": {"check"},
    "generate_data": {"check"},
    "download_data@conversations": {"check", "generate_data"},
    "download_data@texts": {"check"},
    "download_eval": {"check"},
    "clean": {"download_data@conversations", "download_data@texts", "download_eval"},
    "describe_data": {"check", "download_data@conversations", "download_data@texts", "download_eval", "clean"},
    "decrypt": {"check", "download_model"},
    "extend_vocab": {"download_model", "decrypt", "clean"},
    "pretrain": CHAIN | {"clean"},
    "tokenize": CHAIN | {"check", "pretrain", "clean"},
    "train": CHAIN | {"pretrain", "tokenize"},
    "quantize@S": CHECKPOINT | {"tokenize"},
    "generate": CHECKPOINT | {"download_eval"},
    "judge": {"check", "download_eval", "generate"},
    "score": {"download_eval", "generate", "judge", "describe_data"},
    "generate_quantized@S": CHECKPOINT | {"download_eval", "quantize@S", "generate"},
    "judge_quantized@S": {"check", "download_eval", "generate_quantized@S"},
    "score_quantized@S": {"download_eval", "generate_quantized@S", "judge_quantized@S", "describe_data"},
    "summarize": {
        "generate_data",
        "clean",
        "describe_data",
        "extend_vocab",
        "tokenize",
        "pretrain",
        "train",
        "score",
        "score_quantized@S",
    },
}
"""Stage to the stages it depends on; @S stands for every quantized variant."""
ARGUMENT = dict.fromkeys(("quantize", "generate_quantized", "judge_quantized", "score_quantized"), " ${item}")
ARGUMENT |= {"download_data": " ${key}"}
ARGUMENT |= dict.fromkeys(("generate", "judge", "score"), " unquantized")
"""Stage to the table or variant that its script is given."""


def expected_edges(schemes: list[str]) -> dict[str, set[str]]:
    """EDGES with every scheme written out."""
    edges = {}
    for stage, sources in EDGES.items():
        for scheme in schemes if "@S" in stage else [""]:
            edges[stage.replace("@S", f"@{scheme}")] = {one.replace("@S", f"@{scheme}") for one in sources}
    # the one stage that depends on every variant
    edges["summarize"] |= {f"score_quantized@{scheme}" for scheme in schemes}
    edges["summarize"].remove("score_quantized@")
    return edges


def test_edges():
    schemes = YAML(typ="safe").load((ROOT / "params.yaml").read_text(encoding="utf-8"))["quantize"]["schemes"]
    with Repo(str(ROOT)) as repo:
        graph = repo.index.graph
        found = {stage.addressing: {one.addressing for one in graph.successors(stage)} for stage in graph}
    assert found == expected_edges(schemes)


@pytest.mark.parametrize("name", BODIES)
def test_code_deps_are_the_import_closure(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    listed = [dep for dep in BODIES[name]["deps"] if is_code(dep)]
    assert listed == code_deps(BODIES[name]), STALE


def test_no_dep_is_a_parent_of_an_out():
    outs = {Path(_path(out)) for body in BODIES.values() for spec in ("outs", "metrics") for out in body.get(spec, [])}
    deps = {Path(dep) for body in BODIES.values() for dep in body["deps"]}
    # the variants' details: a dep of its own per variant cannot be written, and Git tracks every file there
    assert {dep for dep in deps for out in outs if dep in out.parents} == {Path("metrics/details/eval")}


def test_a_cmd_is_a_script_and_its_table_or_variant_nothing_else():
    for name, body in BODIES.items():
        script, variant = name.removesuffix("_quantized"), ARGUMENT.get(name, "")
        assert body["cmd"] == f"python stages/{script}.py{variant}"
    scripts = {path.stem for path in (ROOT / "stages").iterdir() if path.suffix == ".py"}
    assert scripts == {name.removesuffix("_quantized") for name in BODIES}


def test_habits_that_break_caches_are_absent():
    text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    for habit in ("push: false", "always_changed", "frozen"):
        assert habit not in text
    # times only: what cannot be measured again is kept
    assert text.count("persist: true") == 1
    assert "- metrics/details/speed.json:\n          cache: false\n          persist: true\n" in text


@pytest.mark.parametrize("name", BODIES)
def test_only_stages_that_take_seconds_write_what_git_tracks(name):
    """DVC restores a stage when its cache holds every output: what only Git has would make it run again."""
    outs = [out for kind in ("outs", "metrics", "plots") for out in BODIES[name].get(kind, [])]
    uncached = [_path(out) for out in outs if isinstance(out, dict) and out[_path(out)]["cache"] is False]
    if name in ("score", "score_quantized", "summarize"):
        assert len(uncached) == len(outs) and all(path.startswith("metrics/") for path in uncached)
    else:
        assert not uncached and not [out for out in outs if _path(out).startswith("metrics")]


def test_train_depends_on_the_active_method_only():
    assert "train" not in BODIES["train"]["params"]
    assert {"train.method", "train.${train.method}"} <= set(map(str, BODIES["train"]["params"]))


@pytest.mark.parametrize("name", ["pretrain", "train"])
def test_a_training_depends_on_what_can_change_its_model_alone(name):
    keys = next(one for one in BODIES[name]["params"] if isinstance(one, dict))["configs/hardware/${hardware}.yaml"]
    assert keys == [key for key in HardwareProfile.model_fields if key not in CANNOT_CHANGE_A_MODEL]


@pytest.mark.parametrize("name", ["generate", "generate_quantized"])
def test_answers_depend_on_what_can_change_them_alone(name):
    keys = {key.removeprefix("evaluate.generate.") for key in map(str, BODIES[name]["params"])}
    used = GenerateParams.model_fields.keys() - {"batch_size"}
    assert keys & GenerateParams.model_fields.keys() == (used if name == "generate" else used - {"engine", "endpoint"})
    assert "evaluate.generate" not in keys


def test_no_time_is_an_input_or_makes_an_output_differ():
    """What differs from run to run must keep DVC neither from restoring nor from skipping a stage."""
    assert not [dep for body in BODIES.values() for dep in body["deps"] if "speed" in dep and not is_code(dep)]


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "stages").glob("*.py")))
def test_stage_scripts_fit_one_screen_and_find_their_own_source(script):
    lines = (ROOT / "stages" / script).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 48
    # replaced, not inserted: stages/tokenize.py would hide the standard library's tokenize
    assert 'sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")' in lines


@pytest.mark.parametrize(
    "stage",
    ["check", "generate_data", "download_model", "download_data", "download_eval", "clean", "describe_data", "decrypt",
     "tokenize", "judge", "judge_quantized", "score", "score_quantized", "summarize"],
)  # fmt: skip
def test_stages_that_need_no_torch_do_not_import_it(stage):
    modules = import_closure(ROOT / BODIES[stage]["cmd"].split()[1], ROOT / "src")
    names = [".".join(module.relative_to(ROOT / "src").with_suffix("").parts) for module in sorted(modules)]
    first = (
        "from belle.libraries.block_imports import block_imports; block_imports('torch')"
        if "belle.libraries.block_imports" in names
        else ""
    )
    code = f"import sys\n{first}\nimport {', '.join(names)}\nprint(bool(sys.modules.get('torch')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def _path(out: str | dict) -> str:
    return out if isinstance(out, str) else next(iter(out))
