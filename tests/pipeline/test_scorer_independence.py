"""A new or changed metric must not make DVC train or generate anything again."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from stage_deps import stage_bodies

ROOT = Path(__file__).resolve().parents[2]
BODIES = dict(stage_bodies(YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))))
SCORERS = {"score", "score_quantized"}
METRICS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "src/belle/score/metrics").glob("[!_]*.py"))


def readers(module: str) -> set[str]:
    """The stages that depend on a module, by itself or by its folder."""
    return {
        name
        for name, body in BODIES.items()
        if any(module == dep or module.startswith(f"{dep}/") for dep in body["deps"])
    }


@pytest.mark.parametrize(
    ("module", "stages"),
    [
        *((metric, SCORERS) for metric in METRICS),
        ("src/belle/score/scores.py", SCORERS),
        ("src/belle/score/score_variant.py", SCORERS),
        ("src/belle/score/numbers/answer.py", SCORERS),
        ("src/belle/sandbox/inside.py", SCORERS),
        ("src/belle/judge/prompts.py", {"judge", "judge_quantized"}),
        # the check writes what the download depends on, without the metrics
        ("src/belle/config/evaluation_set.py", SCORERS | {"check"}),
        # shows that stages are found where others read a module
        ("src/belle/config/generate.py", SCORERS | {"generate", "generate_quantized"}),
        ("src/belle/config/judge.py", SCORERS | {"check", "judge", "judge_quantized"}),
    ],
)
def test_what_a_new_metric_touches_concerns_the_scoring_alone(module, stages):
    assert readers(module) == stages


def test_the_metrics_are_found():
    assert "src/belle/score/metrics/exact_match.py" in METRICS
