"""The shape of dvc.yaml: edges, code deps, and the habits that keep DVC's caches honest."""

import subprocess
import sys
from pathlib import Path

import pytest
from dvc.repo import Repo
from ruamel.yaml import YAML
from stage_deps import code_deps, import_closure, is_code, stage_bodies

from factories import STALE

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
BODIES = dict(stage_bodies(PIPELINE))

CHAIN = {"download_model", "decrypt", "extend_vocab"}
CHECKPOINT = CHAIN | {"pretrain", "train"}
EDGES = {
    "check": set(),
    "download_model": {"check"},
    "download_data": {"check"},
    "download_eval": {"check"},
    "clean": {"download_data", "download_eval"},
    "decrypt": {"download_model"},
    "extend_vocab": {"decrypt"},
    "pretrain": CHAIN | {"clean"},
    "tokenize": CHAIN | {"pretrain", "clean"},
    "train": CHAIN | {"pretrain", "tokenize"},
    "quantize@S": CHECKPOINT | {"tokenize"},
    "generate": CHECKPOINT | {"download_eval"},
    "score": {"generate"},
    "generate_quantized@S": CHECKPOINT | {"download_eval", "quantize@S"},
    "score_quantized@S": {"generate_quantized@S"},
}
"""Stage to the stages it depends on; @S stands for every quantized variant."""
ARGUMENT = dict.fromkeys(("quantize", "generate_quantized", "score_quantized"), " ${item}")
ARGUMENT |= dict.fromkeys(("generate", "score"), " unquantized")
"""Stage to the variant that its script is given."""


def expected_edges(schemes: list[str]) -> dict[str, set[str]]:
    """EDGES with every scheme written out."""
    edges = {}
    for stage, sources in EDGES.items():
        for scheme in schemes if "@S" in stage else [""]:
            edges[stage.replace("@S", f"@{scheme}")] = {one.replace("@S", f"@{scheme}") for one in sources}
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
    assert not [(dep, out) for dep in deps for out in outs if dep in out.parents]


def test_a_cmd_is_a_script_and_the_variant_nothing_else():
    for name, body in BODIES.items():
        script, variant = name.removesuffix("_quantized"), ARGUMENT.get(name, "")
        assert body["cmd"] == f"python stages/{script}.py{variant}"
    scripts = {path.stem for path in (ROOT / "stages").iterdir() if path.suffix == ".py"}
    assert scripts == {name.removesuffix("_quantized") for name in BODIES}


def test_habits_that_break_caches_are_absent():
    text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    for habit in ("persist", "push: false", "always_changed", "frozen"):
        assert habit not in text


def test_results_are_tracked_by_git_and_not_by_the_cache():
    outs = [_path(out) for body in BODIES.values() for out in body.get("outs", [])]
    assert not [out for out in outs if out.startswith("metrics")]
    results = [out for body in BODIES.values() for kind in ("metrics", "plots") for out in body.get(kind, [])]
    assert all(isinstance(out, dict) and out[_path(out)]["cache"] is False for out in results)


def test_train_depends_on_the_active_method_only():
    assert "train" not in BODIES["train"]["params"]
    assert {"train.method", "train.${train.method}"} <= set(map(str, BODIES["train"]["params"]))


def test_results_and_speed_are_in_different_files():
    for body in BODIES.values():
        for metric in map(_path, body.get("metrics", [])):
            assert ("speed" in metric) == metric.endswith("/speed.json")


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "stages").glob("*.py")))
def test_stage_scripts_fit_one_screen_and_find_their_own_source(script):
    lines = (ROOT / "stages" / script).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 48
    # replaced, not inserted: stages/tokenize.py would hide the standard library's tokenize
    assert 'sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")' in lines


@pytest.mark.parametrize(
    "stage",
    ["check", "download_model", "download_data", "download_eval", "clean", "decrypt", "extend_vocab", "tokenize",
     "score", "score_quantized"],
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
