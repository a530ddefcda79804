"""`belle add eval` on files of one's own."""

from pathlib import Path

import pytest

from belle.add.options import Given
from belle.add.questions import add_questions
from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.evaluation_set import EvalProfile
from belle.errors import UserError

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
    assert "free: 1 questions, 0 with a reference; no metric" in said
    assert said.splitlines()[-1] == "  dvc exp run -S 'evaluate.set=mine'"


def test_belles_keys_are_recognized(own):
    add_questions(str(own("mine.json", {"question": "甲", "std_answer": "乙", "class": "open qa"})), OWN)
    profile = load_profile(EvalProfile, "eval", "mine")
    assert (profile.format, profile.metrics) == ("belle", {"open qa": "exact_match"})


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
