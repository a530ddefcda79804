"""The page in a real browser: nothing but the file is asked for, keys work, text of models stays text."""

import re

import pytest

from belle.report.render import SCRIPTS, read, render
from report.browser import open_page, press
from report.made_up import HARMFUL, page_data

pytestmark = pytest.mark.slow


def test_opens_with_scores_and_figures(open_report, data):
    page = open_report()
    text = page.locator("main").inner_text()
    assert all(system.label in text for system in data.systems)
    assert "0.550" in text and "[0.520, 0.580]" in text
    assert "no difference can be seen · equal within 0.01" in text
    assert "not comparable: scored in different ways" in text
    assert "0.71 [0.60, 0.80]" in text and "scored twice" in text
    assert page.locator(".warning").all_inner_texts() == ["made-up: scores of other params"]
    assert page.locator("svg.forest text.number").first.text_content() == "0.550 [0.520, 0.580]"
    assert page.locator("svg").count() == 5
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert policy.startswith("default-src 'none'")


def test_text_of_models_stays_text(open_report):
    page = open_report("view=questions&question=q1")
    assert page.locator(".answer .text").first.inner_text() == f"{HARMFUL}0".replace("\u2028", "\u2028")
    assert page.locator("img").count() == 0
    assert page.title() == "BELLE report"


def test_both_languages_have_every_word_and_every_word_is_used(open_report):
    page = open_report()
    english, chinese = page.evaluate("[Object.keys(TEXT.en), Object.keys(TEXT.zh)]")
    assert english == chinese
    code = "".join(read("page", name) for name in SCRIPTS if name != "text.js")
    code += "".join(read(".", name) for name in ("draw.py", "figures/forest.py", "figures/categories.py"))
    notes = {name for name in english if name.startswith("note") and name[4:5].isupper()}
    unused = [name for name in english if not re.search(rf"[\"`(, ]{name}[\"`:)]", code)]
    assert sorted(set(unused) - notes) == []


def test_one_system_alone_can_be_read(browser, tmp_path):
    path = tmp_path / "one.html"
    path.write_text(render(page_data(systems=1)).html, encoding="utf-8")
    page = open_page(browser, path)
    assert page.locator("svg.forest").count() == 1
    assert "Difference from" not in page.locator("main").inner_text()
    press(page, "j 1 d p h")
    assert page.locator(".answer").count() == 1
    assert page.problems == []
    page.context.close()


def test_differing_words_are_marked(open_report, data):
    page = open_report("view=questions&question=q3")
    press(page, "2 d")
    card = page.locator(".answer").nth(0)
    kept_and_added = card.locator(".text").evaluate(
        "element => [...element.childNodes].filter(one => one.tagName !== 'DEL').map(one => one.textContent).join('')"
    )
    kept_and_removed = card.locator(".text").evaluate(
        "element => [...element.childNodes].filter(one => one.tagName !== 'INS').map(one => one.textContent).join('')"
    )
    assert kept_and_added == data.answers[0][3].text
    assert kept_and_removed.replace(" ", "") == data.answers[1][3].text.replace(" ", "")
    assert page.locator(".answer").nth(1).locator("ins, del").count() == 0
    words = page.evaluate(
        "Diff.diffWords('今天天气很好', '今天天气不好', {intlSegmenter: SEGMENTER}).map(one => one.value)"
    )
    assert "今天天气" in words
    press(page, "d")
    assert page.locator("ins, del").count() == 0


def test_the_judge_is_one_key_away(open_report, data):
    page = open_report("view=questions&question=q5")
    press(page, "2 p")
    panel = page.locator(".judge")
    judgment = data.judgments[1][5][0]
    assert panel.locator("mark").inner_text() == str(judgment.score)
    assert "rule: line" in panel.inner_text() and "no_reply" in panel.inner_text()
    assert "The prompt is not shown" not in panel.inner_text()
    panel.locator("summary").first.click()
    assert panel.locator("details .text").first.inner_text() == judgment.prompt[0] + data.answers[1][5].text


def test_the_judge_is_in_sight_below_long_answers(open_report):
    page = open_report("view=questions&question=q5")
    page.set_viewport_size({"width": 500, "height": 400})
    press(page, "p")
    in_sight = "element => element.getBoundingClientRect().top < innerHeight - 50"
    assert page.locator(".judge header").evaluate(in_sight)


def headings(page):
    return page.locator("svg.forest text.heading").all_text_contents()


def test_themes_and_languages(open_report):
    background = "getComputedStyle(document.body).backgroundColor"
    light, dark = open_report(color_scheme="light"), open_report(color_scheme="dark")
    seen = {scheme: page.evaluate(background) for scheme, page in (("light", light), ("dark", dark))}
    assert seen == {"light": "rgb(255, 255, 255)", "dark": "rgb(25, 26, 28)"}
    press(light, "t")
    assert light.evaluate(background) == seen["dark"]
    ink = light.locator("svg text.name").first.evaluate("element => getComputedStyle(element).fill")
    assert ink == "rgb(228, 227, 223)"
    press(light, "l")
    assert "总览" in light.locator(".top").inner_text()
    assert headings(light) == ["得分", "与 实验-system-0 的差值"]
    press(light, "l")
    assert headings(light) == ["score", "difference from 实验-system-0"]


def test_copies_markdown(open_report, data):
    page = open_report("view=questions&question=q2", permissions=["clipboard-read", "clipboard-write"])
    press(page, "c")
    page.locator(".message").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("### q2 (classification)")
    assert all(
        f"**{system.label}**" in text and row[2].text in text
        for system, row in zip(data.systems, data.answers, strict=True)
    )
    assert re.search(r"metrics \d\.\d\d, judge", text)


def test_print_leaves_out_what_cannot_be_read_on_paper(open_report):
    page = open_report("view=questions")
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible() and not page.locator(".list").is_visible()
    assert page.locator(".answer").first.is_visible()
