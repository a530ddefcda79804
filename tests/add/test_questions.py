"""`belle add eval` on files of one's own."""

from pathlib import Path

import pytest

from belle.add.options import Given
from belle.add.questions import add_questions
from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.evaluation_set import EvalProfile
from belle.download.evaluation_set import download_eval
from belle.errors import UserError
from belle.files import read_json_object
from factories import write_json_lines

OWN = Given(license="private")
SUMS = [{"id": f"q{n}", "question": f"{n} + 1 = ?", "reference": str(n + 1), "category": "Sums"} for n in range(6)]
FREE = {"question": "写一首诗", "category": "free"}


def test_questions_are_shown_and_each_category_gets_a_metric(own, change, capsys):
    add_questions(str(own("mine.jsonl", *SUMS, FREE)), OWN)
    profile = load_profile(EvalProfile, "eval", "mine")
    assert (profile.format, profile.metrics, profile.license) == ("questions", {"sums": "numeric_match"}, "private")
    change("params.yaml", {"evaluate.set": "mine"})
    assert find_problems() == []
    said = capsys.readouterr().out
    assert "q4 [sums] 4 + 1 = ?" in said and "q5" not in said
    assert "sums: 6 questions, 6 with a reference; numeric_match" in said
    assert "free: 1 question, 0 with a reference; no metric" in said
    assert said.splitlines()[-1] == "  dvc exp run -S 'evaluate.set=mine'"


def test_belles_keys_are_recognized(own):
    add_questions(str(own("mine.json", {"question": "甲", "std_answer": "乙", "class": "open qa"})), OWN)
    profile = load_profile(EvalProfile, "eval", "mine")
    assert (profile.format, profile.metrics) == ("belle", {"open qa": "exact_match"})


PROMPTS = [{"class": one, "prompt": "请评分，按照“得分:”输出。"} for one in ("SUMS", "free")]


def test_prompts_of_a_judge_come_to_lie_beside_the_questions(own, change, tmp_path, capsys):
    add_questions(str(own("mine.jsonl", *SUMS, FREE)), OWN, judge_prompts=str(own("prompts.jsonl", *PROMPTS)))
    profile = load_profile(EvalProfile, "eval", "mine")
    assert (profile.source.path, profile.judge_prompts) == ("inputs/mine", "prompts.jsonl")
    assert sorted(path.name for path in Path("inputs/mine").iterdir()) == ["mine.jsonl", "prompts.jsonl"]
    assert capsys.readouterr().out.splitlines()[-1].endswith("-S 'evaluate.set=mine' -S 'evaluate.scorer=both'")
    change("params.yaml", {"evaluate.set": "mine", "evaluate.scorer": "both"})
    assert find_problems() == []
    download_eval("mine", profile, ["sums"], tmp_path / "eval", "text")
    assert read_json_object(tmp_path / "eval/judge_prompts.json", "") == {
        "sums": PROMPTS[0]["prompt"],
        "free": PROMPTS[1]["prompt"],
    }
    assert len((tmp_path / "eval/questions.jsonl").read_text().splitlines()) == 7


@pytest.mark.parametrize("named", ["prompts.jsonl", "{folder}/prompts.jsonl"])
def test_prompts_in_the_folder_of_the_questions(own, named):
    folder = own("questions.jsonl", FREE).parent
    own("prompts.jsonl", *PROMPTS)
    add_questions(str(folder), Given("mine", license="private"), judge_prompts=named.format(folder=folder))
    profile = load_profile(EvalProfile, "eval", "mine")
    assert (profile.source.path, profile.judge_prompts) == ("inputs/mine", "prompts.jsonl")


@pytest.mark.parametrize(
    ("prompts", "words"),
    [
        (PROMPTS[:1], r"^prompts\.jsonl: there is no prompt for 'free'; there are: sums$"),
        (
            [PROMPTS[0], {"class": "free", "prompt": "请评分。"}],
            r"^prompts\.jsonl: the prompt for 'free' does not ask for '得分'",
        ),
        ([{"class": "sums"}], r"prompts\.jsonl: row 1: .*'prompt'"),
        ([*PROMPTS, PROMPTS[0]], r"row 3: key 'class': a second prompt for 'sums'"),
    ],
)
def test_prompts_that_no_judge_can_use_leave_nothing_behind(own, prompts, words):
    with pytest.raises(UserError, match=words):
        add_questions(str(own("mine.jsonl", *SUMS, FREE)), OWN, judge_prompts=str(own("prompts.jsonl", *prompts)))
    assert not Path("inputs").exists() and not Path("configs/eval/mine.yaml").exists()


def test_a_file_of_prompts_that_cannot_stand_beside_the_questions(own, server, tmp_path_factory):
    questions = own("mine.jsonl", *SUMS)
    with pytest.raises(UserError, match=r"--judge-prompts: nowhere\.jsonl: no such file"):
        add_questions(str(questions), OWN, judge_prompts="nowhere.jsonl")
    elsewhere = write_json_lines(tmp_path_factory.mktemp("other") / "mine.jsonl", *PROMPTS)
    with pytest.raises(UserError, match="give it another name"):
        add_questions(str(questions), OWN, judge_prompts=str(elsewhere))
    with pytest.raises(UserError, match="copy it into"):
        add_questions(str(questions.parent), OWN, judge_prompts=str(elsewhere))
    server.files["/sums.csv"] = b"question,reference,category\n1 + 1 = ?,2,sums\n"
    with pytest.raises(UserError, match="keep both in a folder of your own"):
        add_questions(f"{server.address}/sums.csv", OWN, judge_prompts=str(elsewhere))


@pytest.mark.parametrize(("key", "meant"), [("answer", "reference"), ("prompt", "question"), ("refrence", "reference")])
def test_a_wrong_key_is_refused_with_the_right_one(own, key, meant):
    path = own("mine.jsonl", {"question": "q", "category": "c", key: "x"})
    with pytest.raises(UserError, match=rf"^mine\.jsonl: row 1: unknown key '{key}'; did you mean {meant}\?"):
        add_questions(str(path), OWN)
    assert not Path("inputs").exists() and not Path("configs/eval/mine.yaml").exists()


def test_the_license_is_asked_for(own):
    with pytest.raises(UserError, match=r"--license: .*private"):
        add_questions(str(own("mine.jsonl", *SUMS)), Given())


def test_questions_come_from_a_url_and_from_csv(server, capsys):
    server.files["/sums.csv"] = b"question,reference,category\n1 + 1 = ?,2,sums\n"
    add_questions(f"{server.address}/sums.csv", OWN)
    profile = load_profile(EvalProfile, "eval", "sums")
    assert (profile.source.kind, profile.source.files[0].name) == ("url", "sums.csv")
    assert profile.metrics == {"sums": "numeric_match"}
    assert "reference: 2" in capsys.readouterr().out
    assert len(server.requests) == 1
