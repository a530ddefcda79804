"""Pictures of the report page for the README: `python scripts/screenshot.py [A B …]`, needs Chromium.

Without names the variants in the workspace are shown.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from belle.report.command import write_report

TARGET = Path("docs/images")
QUESTIONS = "view=questions&sort=sortDifference&question=mini-216&diff=focused"


def main() -> None:
    """Write report.png, a question with its answers, and forest.png, the scores."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        raise SystemExit("no Chromium on this machine")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        write_report(sys.argv[1:], path)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        take(browser, f"{path.as_uri()}#{QUESTIONS}", None, "report.png")
        take(browser, path.as_uri(), "svg.forest", "forest.png")
        browser.close()


def take(browser: Browser, address: str, element: str | None, name: str) -> None:
    """Save a picture of the window, or of one element."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en", color_scheme="light")
    page.goto(address)
    picture = page if element is None else page.locator(element)
    picture.screenshot(path=TARGET / name)
    page.close()


if __name__ == "__main__":
    main()
