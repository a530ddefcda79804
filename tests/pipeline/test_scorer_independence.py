"""A new or changed scoring filter must not make DVC download, train or generate anything again."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from stage_deps import stage_bodies

ROOT = Path(__file__).resolve().parents[2]
BODIES = dict(stage_bodies(YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))))
SCORERS = {"score", "score_quantized"}
RULES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "src/belle/evaluate/filters").glob("*.py"))
    if path.name != "__init__.py"
]


@pytest.mark.parametrize(
    ("module", "stages"),
    [
        *((filter, SCORERS) for filter in RULES),
        ("src/belle/evaluate/scores.py", SCORERS),
        ("src/belle/evaluate/score_variant.py", SCORERS),
        ("src/belle/config/evaluation_set.py", SCORERS | {"download_eval"}),
        # shows that stages are found where others read a module
        ("src/belle/config/evaluate.py", SCORERS | {"generate", "generate_quantized"}),
    ],
)
def test_what_a_new_rule_touches_concerns_the_scoring_alone(module, stages):
    assert {name for name, body in BODIES.items() if module in body["deps"]} == stages
