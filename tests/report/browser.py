"""A headless Chromium for tests of the page; skips them, with a reason, where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator["Browser"]:
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip(f"no Chromium on this machine ({', '.join(NAMES)})")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


def open_page(browser: "Browser", path: Path, place: str = "", **context: object) -> "Page":
    """Open the page in a context of its own; `problems` of the page collects what must not happen."""
    page = watch(browser.new_context(locale="en", **context).new_page())
    page.on("request", lambda request: request.url.startswith(path.as_uri()) or page.problems.append(request.url))
    page.goto(f"{path.as_uri()}#{place}")
    return page


def watch(page: "Page") -> "Page":
    """Collect what a page prints and what it throws."""
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    return page


def press(page: "Page", keys: str) -> None:
    """Press keys, which blanks separate."""
    for key in keys.split():
        page.keyboard.press(key)
