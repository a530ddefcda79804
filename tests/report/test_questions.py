"""The list of questions in a real browser: keys, columns, filters, orders, links."""

import pytest

from belle.report.page_data.page import PageData
from report.browser import press

pytestmark = pytest.mark.slow


def title(page):
    return page.locator(".pane .about").first.inner_text()


def question_of(page):
    return title(page).split(" · ")[1]


def count(page):
    return int(page.locator("output[name=count]").inner_text().split()[0])


def test_keys_walk_the_questions(open_report, data):
    page = open_report("view=questions")
    seen = [question_of(page)]
    for _ in range(20):
        page.keyboard.press("j")
        seen.append(question_of(page))
    assert seen == [question.id for question in data.questions[:21]]
    press(page, "k k")
    assert question_of(page) == "q18"
    press(page, "G j")
    assert question_of(page) == "q59"
    assert page.locator(".row.current").is_visible()
    press(page, "g")
    assert question_of(page) == "q0"
    press(page, "?")
    assert "next, previous question" in page.locator("dialog").inner_text()
    press(page, "Escape")
    assert page.locator("dialog").count() == 0


def test_columns_are_focused_moved_hidden_and_shown(open_report, data):
    page = open_report("view=questions")
    labels = [system.label for system in data.systems]
    names = page.locator(".answer h3")
    press(page, "3 [")
    assert names.all_inner_texts() == [labels[0], labels[2], labels[1]]
    assert page.locator(".answer.focused h3").inner_text() == labels[2]
    press(page, "h")
    assert names.all_inner_texts() == [labels[0], labels[1]]
    press(page, "H")
    assert names.all_inner_texts() == [labels[0], labels[1], labels[2]]


def scores_of(data: PageData, question: int):
    return [row[question].scores["metrics"] for row in data.answers]


def spread(data: PageData, question: int):
    found = [one for one in scores_of(data, question) if one is not None]
    return max(found) - min(found) if len(found) > 1 else -1


def is_disputed(data: PageData, question: int):
    known = [[one for one in row[question].scores.values() if one is not None] for row in data.answers]
    return any(max(one) - min(one) >= 0.3 - 1e-9 for one in known)


FILTERS = {
    "category=math": lambda data, one: data.questions[one].category == "math",
    "differ=0.5": lambda data, one: spread(data, one) >= 0.5,
    "flips=true": lambda data, one: {0.0, 1.0} <= set(scores_of(data, one)),
    "unscored=true": lambda data, one: None in scores_of(data, one),
    "disagree=true": is_disputed,
    "flag=truncated": lambda data, one: any("truncated" in row[one].flags for row in data.answers),
    "flag=contaminated": lambda data, one: any("contaminated" in row[one].flags for row in data.answers),
    "flag=repetitive": lambda data, one: any("repetitive" in row[one].flags for row in data.answers),
    "high=0.5": lambda data, one: 0.0 in scores_of(data, one),
    "low=0.5&category=code": lambda data, one: 1.0 in scores_of(data, one) and data.questions[one].category == "code",
    "search=公园": lambda data, one: any("公园" in row[one].text for row in data.answers),
}


def test_filters_count_what_python_counts(open_report, data):
    page = open_report("view=questions")
    for place, passes in FILTERS.items():
        page.evaluate("hash => update({ ...DEFAULTS, ...stateOfHash(`#${hash}`) })", f"view=questions&{place}")
        expected = [question.id for number, question in enumerate(data.questions) if passes(data, number)]
        assert page.evaluate("selected().map(one => QUESTIONS[one].id)") == expected, place
        assert 0 < count(page) == len(expected) < len(data.questions), place
    press(page, "x")
    assert count(page) == len(data.questions)


def test_filters_are_set_by_hand_and_the_link_brings_them_back(open_report, report, data):
    page = open_report("view=questions")
    page.locator("select[name=category]").select_option("code")
    page.locator("input[name=flips]").check()
    page.keyboard.press("/")
    page.keyboard.type("参考答案 1")
    page.keyboard.press("Escape")
    press(page, "j 2")
    page.wait_for_url("**focus=1**")
    link, shown, listed = page.url, question_of(page), count(page)
    assert link.startswith(report.as_uri() + "#") and 0 < listed < 10
    other = open_report(link.partition("#")[2])
    assert (question_of(other), count(other)) == (shown, listed)
    assert other.locator(".answer.focused h3").inner_text() == data.systems[1].label


def test_a_link_with_nonsense_opens(open_report):
    page = open_report("view=nowhere&question=q9999&shown=7,a,1&focus=99&scorer=nobody&sort=x&flips=maybe&toString=1")
    press(page, "j")
    assert page.locator(".answer").count() == 1


def test_sorts_by_difference_and_by_score(open_report, data):
    page = open_report("view=questions&sort=sortDifference&scorer=judge")
    spreads = page.evaluate("selected().map(spread)")
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] > 0.5
    page = open_report("view=questions&sort=sortLow&scorer=judge&focus=1")
    expected = sorted(row.scores["judge"] for row in data.answers[1])
    assert page.evaluate("selected().map(one => scoreOf(1, one, 'judge'))") == expected


def test_the_list_names_flags_in_the_other_language(open_report):
    page = open_report("view=questions")
    rows = page.locator(".list ol")
    flagged = rows.text_content().count("truncated")
    press(page, "l")
    assert rows.text_content().count("被截断") == flagged > 0
