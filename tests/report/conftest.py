"""One browser for all tests of the page, and one made-up report."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from belle.report.page_data.page import PageData
from belle.report.render import render
from report.browser import chromium, open_page
from report.made_up import page_data
from report.workspace import SCORES, write, write_variant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def data() -> PageData:
    return page_data()


@pytest.fixture(scope="package")
def report(data: PageData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(data).html, encoding="utf-8")
    return path


@pytest.fixture
def open_file(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Return `open(path, place, **context)`; afterwards no page may have asked for anything or printed anything."""
    pages = []

    def open_it(path: Path, place: str = "", **context: object) -> "Page":
        pages.append(open_page(browser, path, place, **context))
        return pages[-1]

    yield open_it
    for page in pages:
        assert page.problems == []
        page.context.close()


@pytest.fixture
def open_report(open_file: Callable[..., "Page"], report: Path) -> Callable[..., "Page"]:
    """Return `open(place, **context)` for the made-up report."""
    return partial(open_file, report)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variant, scores in SCORES.items():
        write_variant(variant, scores)
    write("params.yaml", "train: {method: lora}")
    speed = {"train": {"seconds": 12.5}, "generate gptq-int4": {"answers_per_second": 40}}
    write("metrics/details/speed.json", json.dumps(speed))
    return tmp_path


@pytest.fixture
def begin(open_report: Callable[..., "Page"]) -> Callable[..., "Page"]:
    """Return `begin(rater, order, page)`, which begins to score, on a new page unless one is given."""

    def begin_as(rater: str = "anna_2", order: str = "1", page: "Page | None" = None) -> "Page":
        page = page or open_report("view=blind")
        page.locator("[name=rater]").fill(rater)
        page.locator("[name=order]").fill(order)
        page.locator("button", has_text="Begin").click()
        return page

    return begin_as
