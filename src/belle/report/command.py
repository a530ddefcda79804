"""`belle report`: write the page and say where it is."""

from collections.abc import Sequence
from pathlib import Path

from belle.errors import UserError
from belle.files import fresh_file
from belle.report.data import load_page_data
from belle.report.notes import print_warnings
from belle.report.render import render
from belle.words import counted


def write_report(names: Sequence[str], out: Path) -> None:
    """Write the page of the named results to `out`.

    Raises:
        UserError: names or results that cannot be shown, or `out` is a directory; nothing is written.
    """
    if out.is_dir():
        raise UserError(f"{out}: a directory; name a file, as in `-o {out / 'report.html'}`")
    data = load_page_data(names)
    page = render(data)
    with fresh_file(out) as partial:
        partial.write_text(page.html, encoding="utf-8", newline="\n")
    print_warnings(data.warnings)
    shown = f"{counted(len(data.systems), 'system')}, {counted(len(data.questions), 'question')}"
    print(f"{out}: {shown}, {out.stat().st_size / 1e6:.1f} MB, digest {page.digest}")
