"""Write the page: one HTML file that holds its data, its code and its figures, and asks for nothing else."""

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from belle.report.draw import draw_figures
from belle.report.page_data.page import PageData
from belle.report.page_data.write import write_data
from belle.score.human_files import RATER

SCRIPTS = (
    "text.js", "data.js", "numbers.js", "state.js", "select.js", "compare.js", "list.js", "answers.js", "judge.js",
    "tables.js", "overview.js", "controls.js", "markdown.js", "blind_queue.js", "blind_file.js", "blind_store.js",
    "blind.js", "keys.js", "main.js",
)  # fmt: skip
"""The page's own code, in the order in which it is run."""
STYLES = ("theme.css", "layout.css", "parts.css")
FOLDER = files("belle.report")


class Script(NamedTuple):
    """A script tag: its code, and the hash by which the page's Content-Security-Policy allows it."""

    code: Markup
    source: str


class Page(NamedTuple):
    """The page, and the digest that names it."""

    html: str
    digest: str


def render(data: PageData) -> Page:
    """Return the page; the same data give the same bytes."""
    scripts = [*(inline(code) for code in vendored()), *(inline(read("page", name)) for name in SCRIPTS)]
    written = write_data(data)
    html = template().render(
        digest=written.digest,
        rater=RATER,
        data=Markup(written.data),
        judgments=Markup(written.judgments),
        figures={name: Markup(svg) for name, svg in sorted(draw_figures(data).items())},
        scripts=scripts,
        sources=" ".join(script.source for script in scripts),
        style=Markup("\n".join(read("page", name) for name in STYLES)),
    )
    return Page(html, written.digest)


def inline(code: str) -> Script:
    """Return code as a script tag; it must not hold what ends one."""
    assert "</script" not in code.lower() and "<!--" not in code, "this code cannot stand in a script tag"
    code = f"\n{code.strip()}\n"
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return Script(Markup(code), f"'sha256-{digest}'")


@cache
def vendored() -> tuple[str, ...]:
    """Return the code of every library under a global name, with its license before it."""
    return tuple(_with_license(entry) for entry in json.loads(read("vendor", "manifest.json")))


def _with_license(entry: dict[str, Any]) -> str:
    name = entry["name"]
    code, license_file = entry["files"]
    license_text = read("vendor", license_file).replace("*/", "* /")
    # a browser's developer tools would look for a source map
    text = re.sub(r"^//# sourceMappingURL=.*$", "", read("vendor", code), flags=re.MULTILINE)
    if code.endswith(".mjs"):
        text = as_global(name, text)
    return f"/*! {name} {entry['version']}\n{license_text}*/\n{text}"


def as_global(name: str, module: str) -> str:
    """Turn a module into an object of its exports, `const NAME`: a module in a page cannot be imported from it."""
    body, exports = re.fullmatch(r"(.*)export\{([^}]*)\};?\s*", module, flags=re.DOTALL).groups()  # type: ignore[union-attr]
    pairs = [one.split(" as ") for one in exports.split(",")]
    return f"const {name} = (() => {{{body}\nreturn {{{', '.join(f'{one[-1]}: {one[0]}' for one in pairs)}}};}})();"


@cache
def template() -> Template:
    """Return the template of the page; what it is given is escaped unless it is Markup."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(read("page", "page.html.j2"))


@cache
def read(folder: str, name: str) -> str:
    """Return a file of this package as text."""
    path: Traversable = FOLDER / folder / name
    return path.read_text(encoding="utf-8")
