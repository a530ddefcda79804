"""Blind scoring in a real browser: no names, the typed scores come out, a wrong key can be undone."""

import json
import re

import numpy as np
import pytest

from belle.evaluate.answers import Answer
from belle.report.page_data.write import write_data
from belle.score.hashes import rating_hash
from belle.score.human import score_by_people
from belle.score.human_files import HumanScores
from report.blind_page import download, text_in_focus, upload

pytestmark = pytest.mark.slow


def score_all(page, keys="0123456789u"):
    """Score every answer of the queue, repeats too; return what was typed, by question and text."""
    typed = {}
    for turn in range(page.evaluate("queueOf(state.blind).length")):
        place = page.evaluate("(() => { const item = queueOf(state.blind)[placeOf(state.blind)]; "
                              "return [QUESTIONS[item.question].id, item.key]; })()")  # fmt: skip
        key = keys[turn % len(keys)]
        page.keyboard.press(key)
        typed.setdefault(tuple(place), []).append(None if key == "u" else int(key) / 10)
    return typed


def assert_score_reads(exported, typed, data):
    """`score` gives every system the scores that were typed, as scorer `human:anna_2`."""
    file = HumanScores.model_validate_json(json.dumps(exported))
    for row in data.answers:
        answers = [
            Answer(**vars(question), answer=answer.text, tokens=1, stop="eos")
            for question, answer in zip(data.questions, row, strict=True)
        ]
        (scoring,) = score_by_people(answers, {"anna_2.json": file})
        expected = [typed[question.id, answer.key][0] for question, answer in zip(data.questions, row, strict=True)]
        assert scoring.scorer == "human:anna_2"
        assert [None if np.isnan(score) else score for score in scoring.scores] == expected


def test_no_name_or_score_is_shown(begin, data):
    page = begin()
    for _ in range(12):
        shown = page.evaluate("document.body.innerText") + page.title()
        attributes = page.evaluate(
            "[...document.querySelectorAll('#app *')].flatMap(one => [...one.attributes].map(a => a.value)).join(' ')"
        )
        for system in data.systems:
            assert system.label not in shown + attributes
            assert system.revision not in shown + attributes
        assert "human:anna" not in shown and "理由" not in shown
        page.keyboard.press("5")
    assert page.locator(".dot").count() == 0


def test_score_reads_the_typed_scores_from_the_export(begin, data):
    page = begin()
    typed = score_all(page)
    name, exported = download(page)
    assert name == "anna_2.json"
    assert exported["rater"] == "anna_2" and exported["report"] == write_data(data).digest
    answers = {(question.id, row[number].key) for row in data.answers for number, question in enumerate(data.questions)}
    assert set(typed) == answers, "every different answer once"
    assert exported["scores"] == {key: scores[0] for (_, key), scores in typed.items()}
    again = {key: scores for (_, key), scores in typed.items() if len(scores) == 2}
    assert exported["repeats"] == [[key, *again[key]] for key in sorted(again)]
    assert 0.02 < len(again) / len(answers) < 0.1
    assert_score_reads(exported, typed, data)
    assert "Every answer is scored." in page.locator(".done").inner_text()


def test_equal_answers_are_shown_once_and_keys_are_hashes_of_text(begin, data):
    page = begin()
    keys = page.evaluate("answersOf(5, 1, 'anna_2')")
    assert keys == [rating_hash("q5", "大家都一样的回答 5")]
    assert page.evaluate("systemsWith(5, answerOf(0, 5).key).length") == len(data.systems)


def test_undo_takes_back_one_score_after_another(begin):
    page = begin()
    first = text_in_focus(page)
    page.keyboard.press("3")
    second = text_in_focus(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    assert text_in_focus(page) == second
    page.keyboard.press("Backspace")
    assert text_in_focus(page) == first
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    assert list(download(page)[1]["scores"].values()) == [1.0]


def test_the_order_depends_on_rater_and_number(begin):
    page = begin("a")
    queue = "([order, rater]) => buildQueue(order, rater).map(one => one.key)"
    orders = [page.evaluate(queue, [order, rater]) for rater, order in (("a", 1), ("a", 1), ("b", 1), ("a", 2))]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) == 3
    first = page.evaluate("shuffledQuestions(1, 'a').slice(0, 8).map(one => QUESTIONS[one].category)")
    assert len(set(first)) == 8, "any beginning has every category"


def test_any_beginning_has_its_share_of_contested_questions(begin):
    page = begin()
    order = page.evaluate(
        "shuffledQuestions(1, 'a').map(one => [QUESTIONS[one].category, isContested(one)])",
    )
    assert 0 < sum(contested for _, contested in order) < len(order)
    for category in {category for category, _ in order}:
        own = [contested for name, contested in order if name == category]
        for length in range(1, len(own)):
            assert abs(sum(own[:length]) - sum(own) * length / len(own)) <= 1, category


def test_progress_is_kept_and_a_download_continues_it(begin, open_report):
    page = begin()
    for key in "123":
        page.keyboard.press(key)
    third = text_in_focus(page)
    content = json.dumps(download(page)[1])
    page.reload()
    page.locator("[name=rater]").fill("anna_2")
    page.locator("button", has_text="Begin").click()
    assert text_in_focus(page) == third
    other = open_report("view=blind")
    assert upload(other, content) == "Scores read from scores.json: 3"
    assert text_in_focus(other) == third
    other.keyboard.press("Backspace")
    assert "2 of" in other.locator("output[name=progress]").inner_text()


def test_files_that_do_not_belong_are_refused_in_one_line(begin):
    page = begin()
    page.keyboard.press("4")
    own = download(page)[1]
    other = own | {"report": "0123456789abcdef", "scores": own["scores"] | {"f" * 16: 0.5}}
    message = upload(page, json.dumps(other))
    assert "of another report (0123456789abcdef" in message and "1 of its 2 answers are in this report too" in message
    assert "of rater bert, not anna_2" in upload(page, json.dumps(own | {"rater": "bert"}))
    wrong = [{"scores": {"zz": 1}}, {"scores": {"f" * 16: 7}}, {"scores": [1]}, {"scores": None}, {"rater": 5}]
    wrong += [{"order": 0}, {"order": "1"}, {"repeats": 3}, {"repeats": [[1]]}]
    for broken in ("", "[]", "{", "null", *(json.dumps(own | one) for one in wrong)):
        assert upload(page, broken) == "scores.json: not a file of scores; nothing was read", broken
    assert download(page)[1] == own


def test_names_appear_after_the_reveal_and_scoring_stops(begin, data):
    page = begin()
    page.keyboard.press("7")
    page.locator("[name=reveal]").click()
    text = page.locator("main").inner_text()
    assert all(system.label in text for system in data.systems)
    before = page.locator("output[name=progress]").inner_text()
    page.keyboard.press("9")
    assert page.locator("output[name=progress]").inner_text() == before
    assert re.search(r"0\.700", text)


def test_a_name_must_serve_as_a_file(open_report):
    page = open_report("view=blind")
    page.locator("[name=rater]").fill("../x")
    page.locator("button", has_text="Begin").click()
    assert "Give a name of letters" in page.locator(".message").inner_text()
