"""Traditional Chinese in Simplified characters, by OpenCC."""

import re
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from opencc import OpenCC

CONFIGURATION = "t2s"
"""Characters alone, chosen by the word that they stand in (`頭髮` 头发, `發展` 发展, `乾隆` 乾隆); words stay those of
their region (`程式` 程式)."""
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
"""Japanese writes some of the same characters, which are proper there."""


def simplified(texts: pa.Array) -> pa.Array:
    """Return texts in Simplified characters: string [n] → string [n]; null stays null."""
    convert = _converter().convert
    return pa.array(
        [text if not text or KANA.search(text) else convert(text) for text in texts.to_pylist()], texts.type
    )


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC(CONFIGURATION)
