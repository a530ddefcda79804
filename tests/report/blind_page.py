"""What tests do with blind scoring."""

import json


def text_in_focus(page):
    return page.locator(".answer.focused .text").inner_text()


def download(page):
    with page.expect_download() as found:
        page.keyboard.press("e")
    return found.value.suggested_filename, json.loads(found.value.path().read_text())


def upload(page, content):
    page.keyboard.press("Escape")
    file = {"name": "scores.json", "mimeType": "application/json", "buffer": content.encode()}
    page.locator("[name=import]").set_input_files(file)
    return page.locator(".message span").inner_text()


def progress(page):
    """How many items are scored, as the page says it."""
    return int(page.locator("output[name=progress]").inner_text().split(" ")[0])


def score(page, keys):
    for key in keys:
        page.keyboard.press(key)
