"""Page data as JSON that may stand in a page, and the digest that names a report."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from belle.report.page_data.page import PageData

UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""What may end a script tag, begin a comment or entity, or break a line of JavaScript; and lone surrogates, which
UTF-8 cannot hold."""


def to_json(value: Any) -> str:
    """Return a value of this module as JSON that may stand inside a script tag: sorted keys, no white space."""
    text = json.dumps(value, default=vars, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True)
class Written:
    """Page data as JSON, and the digest that names the report: it changes with anything that is shown.

    Attributes:
        data: all but the judgments.
        judgments: long and seldom looked at: the page reads them when they are asked for.
        digest: 16 hexadecimal digits.
    """

    data: str
    judgments: str
    digest: str


def write_data(data: PageData) -> Written:
    """Return the JSON of page data."""
    shown = to_json({name: value for name, value in vars(data).items() if name != "judgments"})
    judgments = to_json(data.judgments)
    return Written(shown, judgments, hashlib.sha256(f"{shown}\n{judgments}".encode()).hexdigest()[:16])
