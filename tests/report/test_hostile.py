"""The page in a real browser, against texts, names, links and keys that try to break it."""

import pytest

from belle.report.render import render
from report.blind_page import progress, score
from report.hostile import CATEGORIES, TEXTS, hostile_data
from report.made_up import page_data

pytestmark = pytest.mark.slow

KEYS = (*"jkGg12dDppsssssmmmhhhH[]xootll??", "Escape")


@pytest.fixture
def open_data(open_file, tmp_path):
    """Return `open(data, place, **context)` for data of a page."""

    def open_it(data, place="", **context):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.html"
        path.write_text(render(data).html, encoding="utf-8", newline="\n")
        return open_file(path, place, **context)

    return open_it


@pytest.mark.parametrize("systems", [2, 6])
def test_every_text_is_shown_as_it_is(open_data, systems):
    page = open_data(hostile_data(systems), "view=questions")
    for text in TEXTS:
        shown = page.locator(".answer .text:not(.thinking .text)").first
        if text.strip():
            assert shown.text_content() == text
        else:
            assert shown.text_content() == ("(nothing but blanks)" if text else "(empty answer)")
        page.keyboard.press("j")
    assert page.title() == "BELLE report" and page.locator("img").count() == 0


@pytest.mark.parametrize("questions", [0, 1, 60])
@pytest.mark.parametrize("systems", [1, 2, 6])
def test_every_key_works_on_pages_of_every_size(open_data, systems, questions):
    page = open_data(page_data(systems=systems, questions=questions))
    for key in KEYS:
        page.keyboard.press(key)
    page.keyboard.press("b")
    page.locator("[name=rater]").fill("anna")
    page.locator("button", has_text="Begin").click()
    score(page, "5")
    assert progress(page) == min(questions, 1)


def test_categories_may_have_names_that_javascript_knows(open_data):
    page = open_data(hostile_data(2), "view=questions")
    for name in CATEGORIES:
        page.locator("select[name=category]").select_option(name)
        assert page.evaluate("selected().every(one => QUESTIONS[one].category === state.category)")
        assert int(page.locator("output[name=count]").inner_text().split()[0]) in (3, 4)
    page.locator("select[name=category]").select_option("")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    page.locator("[name=rater]").fill("anna")
    page.locator("button", has_text="Begin").click()
    score(page, "0123456789" * 2)
    assert progress(page) == 20


def test_a_search_for_one_letter_of_a_long_answer_marks_a_part(open_data):
    page = open_data(hostile_data(2), "view=questions&search=字")
    assert 0 < page.locator(".answer").first.locator("mark").count() <= 500
    assert page.locator(".answer .text").last.text_content().count("字") == 70_000


def test_a_long_answer_full_of_fences_is_copied(open_data):
    page = open_data(hostile_data(2), "view=questions", permissions=["clipboard-read", "clipboard-write"])
    score(page, "jjjj")
    page.keyboard.press("c")
    page.locator(".message").wait_for()
    assert "`a" * 50_000 in page.evaluate("navigator.clipboard.readText()")


def test_lines_have_the_direction_of_their_letters(open_data):
    page = open_data(hostile_data(2), "view=questions")
    for element in (".answer .text", ".question", ".row-text"):
        assert page.locator(element).first.evaluate("one => getComputedStyle(one).unicodeBidi") == "plaintext"


NONSENSE = (
    "view=questions&focus=1.5&diff=focused&judge=true",
    "view=questions&focus=NaN&judge=true",
    "view=questions&category=nope&flag=nope&low=abc&high=Infinity&differ=x",
    "view=questions&shown=,,&focus=-1e9",
    "%E0%A4%A&%&=&&&view=%00",
    "constructor=1&__proto__=2&question=__proto__",
    "view=blind&judge=true&sort=sortHigh",
)


@pytest.mark.parametrize("place", NONSENSE)
def test_a_link_with_nonsense_shows_every_question(open_report, data, place):
    page = open_report(place)
    for key in ("j", "d", "p"):
        page.keyboard.press(key)
    if "blind" not in place:
        assert page.locator("output[name=count]").inner_text() == f"{len(data.questions)} of {len(data.questions)}"
        assert page.locator(".answer").count() == len(data.systems)


PRESS = "init => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"


@pytest.mark.parametrize(
    "init",
    [
        {"ctrlKey": True},
        {"altKey": True},
        {"metaKey": True},
        {"isComposing": True},
        {"ctrlKey": True, "shiftKey": True},
    ],
)
def test_keys_of_the_browser_and_of_an_input_method_are_left_alone(open_report, init):
    page = open_report("view=questions")
    for key in ("j", "f", "c", "p", "b"):
        page.evaluate(PRESS, {"key": key} | init)
    assert page.evaluate("state.view === 'questions' && state.question === null && !state.judge && !state.message")


def test_brackets_on_altgr_move_a_column(open_report, data):
    page = open_report("view=questions")
    page.keyboard.press("3")
    page.evaluate(PRESS, {"key": "[", "ctrlKey": True, "altKey": True, "modifierAltGraph": True})
    assert page.locator(".answer h3").all_inner_texts()[1] == data.systems[2].label


def test_fields_keep_their_keys(open_report):
    page = open_report("view=questions")
    page.keyboard.press("/")
    page.keyboard.type("jkdp")
    assert page.evaluate("[state.search, state.question, state.diff]") == ["jkdp", None, ""]
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    assert page.evaluate("state.search") == ""


def test_arrows_walk_the_questions_and_scroll_the_overview(open_report):
    page = open_report()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("state.view") == "overview"
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("state.question") == 2


def test_numbers_are_rounded_as_python_rounds(open_report):
    values = [number / 16 for number in range(-20, 21)] + [number / 2000 for number in range(1000)] + [-0.0004, 0.0004]
    expected = [f"{one:.3f}".replace("-", "−") if float(f"{one:.3f}") else "0.000" for one in values]
    assert open_report().evaluate("values => values.map(one => number(one))", values) == expected
