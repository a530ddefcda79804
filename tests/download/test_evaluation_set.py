"""data/eval: questions, judge's prompts, and their normalized categories."""

import json

import pytest
from pydantic import ValidationError

from belle.config.evaluation_set import EvalProfile
from belle.download.evaluation_set import download_eval
from belle.errors import UserError

SOURCE = {"kind": "path", "path": "origin"}


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "origin").mkdir()


def profile(source: dict, **changes) -> EvalProfile:
    return EvalProfile.model_validate({"source": source, "license": "MIT", "homepage": "x", "metrics": {}, **changes})


def write(tmp_path, name: str, *rows: dict) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "origin" / name).write_text(text)


def read(tmp_path, name: str):
    text = (tmp_path / "eval" / name).read_text()
    return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


def test_belle_set_and_prompts_meet_in_one_category(tmp_path):
    write(
        tmp_path,
        "set.json",
        {"question": "甲？", "std_answer": "乙", "class": "closed\u00a0qa"},
        {"question": "写诗", "std_answer": "", "class": "Generation "},
    )
    write(tmp_path, "prompt.json", {"class": "closed\u00a0QA", "prompt": "打分"})
    belle = profile(SOURCE, format="belle", judge_prompts="prompt.json")
    download_eval("belle", belle, tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == [
        {"id": "belle-1", "question": "甲？", "reference": "乙", "category": "closed qa"},
        {"id": "belle-2", "question": "写诗", "reference": None, "category": "generation"},
    ]
    assert read(tmp_path, "judge_prompts.json") == {"closed qa": "打分"}
    assert set(read(tmp_path, "source.json")["files"]) == {"set.json", "prompt.json"}


def test_own_format_without_prompts(tmp_path):
    write(tmp_path, "set.jsonl", {"question": "q", "category": "math"})
    download_eval("own", profile(SOURCE), tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == [
        {"id": "own-1", "question": "q", "reference": None, "category": "math"}
    ]
    assert read(tmp_path, "judge_prompts.json") == {}


def test_builtin_questions_are_taken_over(tmp_path, monkeypatch):
    row = {"id": "mini-7", "question": "q", "reference": "a", "category": "math"}
    monkeypatch.setattr("belle.download.evaluation_set.questions", lambda name: iter([row]) if name == "mini" else None)
    download_eval("mini", profile({"kind": "builtin", "name": "mini"}), tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == [row]


@pytest.mark.parametrize(
    ("rows", "changes", "message"),
    [
        ([{"question": "q"}], {}, "set.json: row 1: key 'category' is missing"),
        ([{"question": 3, "category": "x"}], {}, "set.json: row 1: key 'question': expected a string, found int"),
        ([{"question": "", "category": "x"}], {}, "set.json: row 1: key 'question': is empty"),
        (
            [{"question": "q", "category": "x"}, {"question": " \u3000\n", "category": "x"}],
            {},
            "set.json: row 2: key 'question': is empty",
        ),
        ([{"question": "q", "category": "\u00a0"}], {}, "set.json: row 1: key 'category': is empty"),
        ([{"question": "q", "category": "x"}], {"judge_prompts": "p.json"}, "p.json: the source holds no such file"),
    ],
)
def test_wrong_sets(tmp_path, rows, changes, message):
    write(tmp_path, "set.json", *rows)
    with pytest.raises(UserError, match=message):
        download_eval("own", profile(SOURCE, **changes), tmp_path / "eval")
    assert not (tmp_path / "eval").exists()


def test_two_prompts_for_one_category(tmp_path):
    write(tmp_path, "set.json", {"question": "q", "category": "x"})
    write(tmp_path, "p.json", {"class": "open qa", "prompt": "1"}, {"class": "open QA", "prompt": "2"})
    with pytest.raises(UserError, match=r"p\.json: row 2: key 'class': a second prompt for 'open qa'"):
        download_eval("own", profile(SOURCE, judge_prompts="p.json"), tmp_path / "eval")


def test_unpinned_hub_set_is_refused_by_the_schema():
    with pytest.raises(ValidationError, match="always pinned"):
        profile({"kind": "hub", "repo": "a/b", "revision": None, "files": ["*"]})
