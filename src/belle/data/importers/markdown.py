"""Convert messages that are HTML to Markdown, as ShareGPT's answers are in its raw files.

ShareGPT was collected from web pages: an answer is a `<div>` of paragraphs, lists, tables and code blocks. FastChat
cleans it with the same library.
"""

import re
from typing import Any

from markdownify import ATX, MarkdownConverter

HTML = re.compile(r"\s*<(div|p|ol|ul|pre|table|blockquote|h[1-6])\b[^>]*>.*>\s*", re.DOTALL | re.IGNORECASE)
LANGUAGE = re.compile(r"\blanguage-([\w+#.-]+)")
BACKTICKS = re.compile("`{3,}")


def html_to_markdown(text: str) -> str:
    """Return a message as Markdown; one that is not HTML from its first character to its last stays as it is.

    So Markdown that shows HTML (a code block, a tag in a sentence) is not touched.
    """
    return _CONVERTER.convert(text).strip() if is_html(text) else text


def is_html(text: str) -> bool:
    """Return whether a message is HTML from its first character to its last."""
    return HTML.fullmatch(text) is not None


class _Converter(MarkdownConverter):
    """Writes a code block as its code alone: ChatGPT's pages put a title and a button beside it."""

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Return a fenced code block; its fence is longer than any run of backticks inside."""
        code = el.find("code") or el
        content = code.get_text().strip("\n")
        language = LANGUAGE.search(" ".join(code.get("class") or []))
        fence = max(["```", *(f"{found}`" for found in BACKTICKS.findall(content))], key=len)
        return f"\n\n{fence}{language[1] if language else ''}\n{content}\n{fence}\n\n"


# training text, not a page to render: an underscore in a name stays one
_CONVERTER = _Converter(heading_style=ATX, bullets="-", escape_asterisks=False, escape_underscores=False)
