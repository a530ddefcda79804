"""What numbers the items of a list, as `1.`, `(2)`, `步骤3`, and is no part of them."""

import re

LIST_MARK = re.compile(
    r"^[ \t]*(?:\d{1,2}(?:[.、](?!\d)|\))|\(\d{1,2}\)|(?:步骤|[Ss]tep)\s*\d{1,2}:?)(?=[ \t]*[^\s\d]|[ \t]+\d)",
    re.MULTILINE,
)
