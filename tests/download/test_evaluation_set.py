"""data/eval: questions, judge's prompts, and their normalized categories."""

import json

import pytest

from belle.config.question_source import EvalDownload
from belle.download.evaluation_set import download_eval
from belle.errors import UserError
from belle.mini.data import builtin
from factories import write_json_lines

SOURCE = {"kind": "path", "path": "origin"}


def profile(source: dict, **changes) -> EvalDownload:
    return EvalDownload.model_validate({"source": source, **changes})


def write(tmp_path, name: str, *rows: dict) -> None:
    (tmp_path / "origin").mkdir(exist_ok=True)
    write_json_lines(tmp_path / "origin" / name, *rows)


def read(tmp_path, name: str):
    text = (tmp_path / "eval" / name).read_text()
    return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


def test_belles_questions_and_judge_prompts_meet_in_one_category(tmp_path):
    write(
        tmp_path,
        "set.json",
        {"question": "甲？", "std_answer": "乙", "class": "closed\u00a0qa"},
        {"question": "写诗", "std_answer": "", "class": "Generation "},
    )
    prompts = [{"class": "closed\u00a0QA", "prompt": "打分"}, {"class": "generation", "prompt": "评分"}]
    write(tmp_path, "prompt.json", *prompts)
    belle = profile(SOURCE, format="belle", judge_prompts="prompt.json")
    download_eval("belle", belle, [], tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == [
        {"id": "belle-1", "question": "甲？", "reference": "乙", "category": "closed qa"},
        {"id": "belle-2", "question": "写诗", "reference": None, "category": "generation"},
    ]
    assert read(tmp_path, "judge_prompts.json") == {"closed qa": "打分", "generation": "评分"}
    assert set(read(tmp_path, "source.json")["files"]) == {"set.json", "prompt.json"}


def test_questions_without_reference_and_judge_prompts(tmp_path):
    write(tmp_path, "set.jsonl", {"question": "q", "category": "math"})
    download_eval("own", profile(SOURCE), [], tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == [
        {"id": "own-1", "question": "q", "reference": None, "category": "math"}
    ]
    assert read(tmp_path, "judge_prompts.json") == {}


def test_a_builtin_set_keeps_its_own_ids(tmp_path):
    download_eval("mini", profile({"kind": "builtin", "name": "mini"}), [], tmp_path / "eval")
    assert read(tmp_path, "questions.jsonl") == list(builtin.questions("mini"))


@pytest.mark.parametrize(
    ("row", "key", "problem"),
    [
        ({"question": "q"}, "category", "missing"),
        ({"question": 3, "category": "x"}, "question", "string.*number"),
        ({"question": "", "category": "x"}, "question", "empty"),
        ({"question": " \u3000\n", "category": "x"}, "question", "empty"),
        ({"question": "q", "category": "\u00a0"}, "category", "empty"),
        ({"question": "q", "category": "a\tb"}, "category", "line break"),
        ({"question": "q", "category": "x", "id": "a\rb"}, "id", "line break"),
        ({"question": "q", "category": "x", "id": "a\u2028"}, "id", "line break"),
    ],
)
def test_a_wrong_question_is_named_by_row_and_key(tmp_path, row, key, problem):
    write(tmp_path, "set.json", {"question": "q", "category": "x"}, row)
    with pytest.raises(UserError, match=rf"set\.json: row 2: key '{key}'.*{problem}"):
        download_eval("own", profile(SOURCE), [], tmp_path / "eval")
    assert not (tmp_path / "eval").exists()


@pytest.mark.parametrize(
    ("key", "meant"),
    [("answer", "reference"), ("std_answer", "reference"), ("prompt", "question"), ("categry", "category")],
)
def test_an_unknown_key_is_named_before_anything_is_trained(tmp_path, key, meant):
    write(tmp_path, "set.json", {"question": "q", key: "a", "category": "x"})
    with pytest.raises(UserError, match=rf"set\.json: row 1: unknown key '{key}'; did you mean {meant}\?"):
        download_eval("own", profile(SOURCE), [], tmp_path / "eval")


def test_own_ids_are_kept(tmp_path):
    rows = [{"id": "q7", "question": "q", "category": "x"}, {"id": 8, "question": "q", "category": "x"}]
    write(tmp_path, "set.jsonl", *rows, {"question": "q", "category": "x"})
    download_eval("own", profile(SOURCE), [], tmp_path / "eval")
    assert [row["id"] for row in read(tmp_path, "questions.jsonl")] == ["q7", "8", "own-3"]


def test_an_id_twice_is_named(tmp_path):
    write(tmp_path, "set.jsonl", *[{"id": "q7", "question": "q", "category": "x"}] * 2)
    with pytest.raises(UserError, match=r"set\.jsonl: row 2: key 'id': 'q7'.*question 1"):
        download_eval("own", profile(SOURCE), [], tmp_path / "eval")


@pytest.mark.parametrize("row", [{"category": "other", "reference": "a"}, {"category": "math"}])
def test_a_set_whose_metrics_have_nothing_to_compare_with_is_refused(tmp_path, row):
    write(tmp_path, "set.jsonl", {"question": "q"} | row)
    with pytest.raises(UserError, match=rf"^own: .*math.*{row['category']}.*configs/eval/own\.yaml"):
        download_eval("own", profile(SOURCE), ["math"], tmp_path / "eval")
    assert not (tmp_path / "eval").exists()


def test_missing_judge_prompts_are_named(tmp_path):
    write(tmp_path, "set.json", {"question": "q", "category": "x"})
    with pytest.raises(UserError, match=r"p\.json: .*judge_prompts"):
        download_eval("own", profile(SOURCE, judge_prompts="p.json"), [], tmp_path / "eval")
    assert not (tmp_path / "eval").exists()


def test_prompts_that_no_judge_can_use_are_refused_before_anything_is_trained(tmp_path):
    write(tmp_path, "set.jsonl", {"question": "q", "category": "math"}, {"question": "q", "category": "Poems"})
    write(tmp_path, "p.json", {"class": "math", "prompt": "请评分。"})
    own = profile(SOURCE, judge_prompts="p.json")
    missing = "p.json: there is no prompt for 'poems'; there are: math"
    for output in (None, "json"):
        with pytest.raises(UserError) as error:
            download_eval("own", own, [], tmp_path / "eval", output)
        assert str(error.value) == missing
    with pytest.raises(UserError) as error:
        download_eval("own", own, [], tmp_path / "eval", "text")
    first, unlabeled = str(error.value).splitlines()
    assert first == missing and unlabeled.startswith("p.json: the prompt for 'math' does not ask for '得分'")
    assert not (tmp_path / "eval").exists()


def test_two_prompts_for_one_category_are_refused(tmp_path):
    write(tmp_path, "set.json", {"question": "q", "category": "x"})
    write(tmp_path, "p.json", {"class": "open qa", "prompt": "1"}, {"class": "open QA", "prompt": "2"})
    with pytest.raises(UserError, match=r"p\.json: row 2: key 'class': .*'open qa'"):
        download_eval("own", profile(SOURCE, judge_prompts="p.json"), [], tmp_path / "eval")
