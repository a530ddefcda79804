"""The project's own seed tasks, and files of one's own."""

import json

import pytest

from belle.errors import UserError
from belle.generate_data.filters import drop_reason
from belle.generate_data.keep import keep_tasks
from belle.generate_data.parse import Task
from belle.generate_data.seeds import OWN, read_seed_tasks
from factories import ROOT, write_json_lines
from generate_data.factories import block, reply

ONE = {"id": "seed_task_0", "name": "a", "instruction": "写诗", "instances": [{"input": "", "output": "风"}]}


def test_the_projects_own_are_about_sixty_of_all_kinds_and_as_the_filters_want_new_ones():
    tasks = read_seed_tasks(None)
    assert len(tasks) >= 60 and len({task.name for task in tasks}) == len(tasks)
    assert sum(task.is_classification for task in tasks) >= 7
    assert 15 <= sum(bool(task.instances[0].input) for task in tasks) <= 45
    for task in tasks:
        instance = task.instances[0]
        assert drop_reason(Task(task.id, task.instruction, instance.input, instance.output)) is None


def test_the_projects_own_do_not_repeat_each_other():
    text = "\n###\n".join(
        block(number, task.instruction, task.instances[0].input or "<无输入>", task.instances[0].output)
        for number, task in enumerate(read_seed_tasks(None), start=1)
    )
    kept = keep_tasks([(1, reply(text))], [], 0.7)
    assert kept.dropped == [] and len(kept.conversations) == len(read_seed_tasks(None))


def test_a_file_in_belles_format(tmp_path):
    path = write_json_lines(tmp_path / "zh_seed_tasks.json", ONE | {"is_classification": False})
    assert [task.instruction for task in read_seed_tasks(path)] == ["写诗"]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (ONE, "is_classification"),
        (ONE | {"is_classification": False, "instances": []}, "instances"),
        (ONE | {"is_classification": False, "instruction": ""}, "instruction"),
    ],
)
def test_what_is_no_seed_task(tmp_path, row, word):
    with pytest.raises(UserError, match=f"row 1: {word}"):
        read_seed_tasks(write_json_lines(tmp_path / "seeds.json", row))


def test_they_are_a_dep_of_the_stage():
    lines = OWN.read_text(encoding="utf-8").splitlines()
    assert all(
        list(json.loads(line)) == ["id", "name", "instruction", "instances", "is_classification"] for line in lines
    )
    text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    assert f"      - {OWN.parent.relative_to(ROOT)}\n" in text
