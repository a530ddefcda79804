"""Progress of blind scoring: in the browser, in several tabs, in files of this and older pages."""

import json

import pytest
from pydantic import ValidationError

from belle.score.human_files import HumanScores
from report.blind_page import download, progress, score, text_in_focus, upload
from report.browser import watch

pytestmark = pytest.mark.slow

NAMES = ["anna", "张三", "a.b", "a-b", "नमस्ते", "e\u0301", "Ⅳ", "_x", "-x", ".x", "..", "a b", "a\n", "", "../x", "😀"]
NAMES += ["x" * 40, "x" * 41, "𝒜" * 40, "𝒜" * 41, "a:b", "\u202ea", "a\u200d", "a\x00"]


def is_name(name):
    try:
        HumanScores.model_validate({"rater": name, "report": "", "scores": {}})
    except ValidationError:
        return False
    return True


def test_the_page_and_score_accept_the_same_names(open_report):
    page = open_report()
    assert page.evaluate("names => names.map(name => RATER.test(name))", NAMES) == [is_name(name) for name in NAMES]


@pytest.mark.parametrize("started", [False, True])
def test_a_download_brings_back_the_order(begin, open_report, started):
    page = begin(order="7")
    score(page, "123")
    fourth, content = text_in_focus(page), download(page)[1]
    assert content["order"] == 7
    other = begin(order="1") if started else open_report("view=blind")
    upload(other, json.dumps(content))
    assert (text_in_focus(other), progress(other)) == (fourth, 3)


def test_an_older_file_without_an_order_is_read(begin):
    page = begin(order="7")
    score(page, "123")
    content = download(page)[1]
    del content["order"], content["repeats"]
    other = begin(order="7")
    assert upload(other, json.dumps(content)) == "Scores read from scores.json: 3"
    assert text_in_focus(other) == text_in_focus(page)


def test_keys_score_after_a_file_was_read(begin):
    page = begin()
    score(page, "1")
    content = json.dumps(download(page)[1])
    upload(page, content)
    score(page, "2")
    assert progress(page) == 2


def test_a_key_that_is_held_down_is_one_score(begin):
    page = begin()
    for _ in range(5):
        page.keyboard.down("5")
    page.keyboard.up("5")
    assert progress(page) == 1


def test_nothing_is_scored_under_the_help(begin):
    page = begin()
    score(page, "?5")
    page.keyboard.press("Escape")
    assert progress(page) == 0


def test_undo_at_the_beginning_does_nothing(begin):
    page = begin()
    page.keyboard.press("Backspace")
    score(page, "5")
    assert progress(page) == 1


def test_scoring_goes_on_after_names_are_hidden_again(begin):
    page = begin()
    score(page, "1")
    page.locator("[name=reveal]").click()
    score(page, "2")
    page.keyboard.press("Backspace")
    page.locator("[name=reveal]").click()
    score(page, "3")
    assert list(download(page)[1]["scores"].values()).count(0.3) == 1 and progress(page) == 2


def test_two_tabs_do_not_undo_each_other(begin):
    one = begin()
    two = watch(one.context.new_page())
    two.goto(one.url)
    begin(page=two)
    score(one, "123")
    score(two, "9")
    assert "Another tab" in two.locator(".message").inner_text() and progress(two) == 3
    score(two, "4")
    score(one, "9")
    assert progress(one) == progress(two) == 4
    assert sorted(download(two)[1]["scores"].values()) == [0.1, 0.2, 0.3, 0.4]
    assert two.problems == []


@pytest.mark.parametrize("kept", ["", "{", "null", "[]", '{"scores": null}', '{"rater": "anna_2", "report": "x"}'])
def test_what_the_browser_keeps_may_be_broken(open_report, begin, kept):
    page = open_report("view=blind")
    page.evaluate(
        "kept => { localStorage.setItem(`belle-report:${DIGEST}:anna_2`, kept);"
        " localStorage.setItem('belle-report:language', 'constructor'); }",
        kept,
    )
    page.reload()
    begin(page=page)
    score(page, "5")
    assert progress(page) == 1


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('forbidden'); }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full'); }"


@pytest.mark.parametrize("script", [FORBIDDEN, FULL])
def test_a_browser_that_keeps_nothing_loses_nothing_while_the_page_is_open(open_report, begin, script):
    page = open_report("view=blind")
    page.add_init_script(script)
    page.reload()
    begin(page=page)
    score(page, "12")
    page.keyboard.press("Backspace")
    score(page, "3")
    assert sorted(download(page)[1]["scores"].values()) == [0.1, 0.3]
    assert "This browser does not keep progress" in page.locator(".blind > .note").inner_text()
