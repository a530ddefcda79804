"""Drop rows with an English answer to a Chinese question."""

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.filters.content import ContentFilter, Seen
from belle.config.clean import CleanParams
from belle.data.language import NO_PROSE

HAN, WORDS = "[\u4e00-\u9fff]", r"[A-Za-z]{2,}"
FEWEST_CHARACTERS = 4
FEWEST_WORDS = 8
"""A shorter answer is a name, a term or a value, which Chinese takes over from English."""
FUNCTION_WORDS = re.compile(
    r"(?i:\b(?:the|an?|of|and|to|is|are|was|in|on|that|this|it|for|with|as|by|you|your|can|or|be|not)\b)"
)
FEWEST_FUNCTION_WORDS = 3
"""Fewer are no sentences, but names, labels or a puzzle's letters."""
SHOWN = 60
"""Characters of the answer that are shown."""
WANTED = re.compile(
    r"英文|英语|英式|美式|翻译|译[成为文]|双语|法语|德语|西班牙语|拉丁|字母|拼写|语法|单词|词汇|词根|缩写|押韵|外语|时态|语态"
    r"|主题标签|hashtag|[Ee]nglish|[Tt]ranslat"
    r"|代码|编程|程序|函数|脚本|算法|命令|查询|语句|正则|表达式|变量|数组|网页|网站|URL|网址|链接|标签|配置|模板|接口"
    r"|Python|Java|SQL|HTML|CSS|C\+\+|C#|PHP|Ruby|Swift|Rust|Go语言|JSON|XML|YAML|LaTeX|Markdown|Shell|Bash|Linux|API|Excel"
)
"""What a question says that English or code answers."""
CODE = re.compile(r"[{}<>=;_\\]|\(\)|&[lg]t;|^\s*(?:def|class|import|return|SELECT|print)\b|#\w+", re.MULTILINE)


@dataclass(frozen=True)
class EnglishAnswer(ContentFilter):
    """Drop conversations in which an answer without Chinese follows a question in Chinese.

    Not when the question speaks of a language or of code, holds English of its own, or when the answer looks like code.
    """

    reason = "english_answer"
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "EnglishAnswer | None":
        """Switched in params.yaml."""
        return cls() if params.filters.english_answers else None

    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return the beginning of the first such answer."""
        texts, rows = pc.list_flatten(contents), pc.list_parent_indices(contents)
        is_answer = pc.equal(pc.list_flatten(roles), "assistant")
        has_chinese = pc.match_substring_regex(texts, HAN)
        has_words = pc.greater_equal(pc.count_substring_regex(texts, WORDS), FEWEST_WORDS)
        suspects = rows.filter(pc.and_(pc.and_not(is_answer, has_chinese), has_words)).unique().to_pylist()
        found: Seen = [None] * len(contents)
        for row in suspects:
            found[row] = unwanted(roles[row].as_py(), contents[row].as_py())
        return found


def unwanted(roles: list[str], contents: list[str]) -> str | None:
    """Return the beginning of the first English answer that does not fit the questions before it, None without one."""
    asked = ""
    for role, content in zip(roles, contents, strict=True):
        if role == "user":
            asked += f"{content}\n"
        elif role == "assistant" and is_chinese(asked) and not WANTED.search(asked) and is_english(content):
            return content[:SHOWN]
    return None


def is_chinese(questions: str) -> bool:
    """Return whether questions are Chinese, with no English text to work on."""
    return len(re.findall(HAN, questions)) >= FEWEST_CHARACTERS and len(re.findall(WORDS, questions)) < FEWEST_WORDS


def is_english(answer: str) -> bool:
    """Return whether an answer is English sentences, and no code."""
    prose = NO_PROSE.sub(" ", answer)
    is_prose = len(FUNCTION_WORDS.findall(prose)) >= FEWEST_FUNCTION_WORDS and not CODE.search(prose)
    return is_prose and not re.search(HAN, prose)
