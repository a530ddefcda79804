"""ShareGPT's HTML as Markdown; all that is not HTML stays byte by byte."""

import pytest

from belle.data.importers.markdown import html_to_markdown

CODE = """def f(x_1):
    # <div> & **
    return x_1 * 2"""
PAGE = f"""<div class="markdown prose w-full break-words light"><p>Use <strong>this</strong>, a_b*c:</p>
<pre><div class="bg-black mb-4 rounded-md"><div class="flex items-center"><span>python</span><button class="flex">
<svg stroke="currentColor"></svg>Copy code</button></div><div class="p-4 overflow-y-auto"><code
class="!whitespace-pre hljs language-python">{
    CODE.replace("&", "&amp;")
    .replace("<div>", "&lt;div&gt;")
    .replace("return", '<span class="hljs-keyword">return</span>')
}
</code></div></div></pre><ol><li><p>first <code>a_b</code></p></li><li>second<ul><li>inner</li></ul></li></ol></div>"""


def test_a_page_becomes_markdown():
    assert html_to_markdown(PAGE) == (
        f"Use **this**, a_b*c:\n\n```python\n{CODE}\n```\n\n1. first `a_b`\n2. second\n   - inner"
    )


def test_the_fence_is_longer_than_those_in_the_code():
    assert html_to_markdown("<pre><code>```\nx\n````</code></pre>") == "`````\n```\nx\n````\n`````"


def test_a_table_keeps_its_cells():
    rows = "<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>"
    assert html_to_markdown(f"<table>{rows}</table>") == "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize(
    "text",
    [
        "a < b and b > c",
        " plain\n\ntext_with_*marks* ",
        "```html\n<div><p>x</p></div>\n```",
        "Write <p>x</p> for a paragraph.",
        "<div>one</div> is a tag",
        "<details>not known</details>",
        "<p>never closed",
        "",
    ],
)
def test_what_is_not_html_as_a_whole_stays_as_it_is(text):
    assert html_to_markdown(text) == text
