"""Rows per second and rows dropped by each filter on content, on one core, every one of them switched on.

Run: .venv/bin/python benchmarks/filters.py [FILE] [--questions FILE] [--output FILE.json]
FILE: a JSON array of objects with `instruction`, `input` and `output`; none takes the rows of the mini data set.
--questions: JSON Lines with `question` and perhaps `std_answer`, whose dropped rows are counted too.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import pyarrow as pa

from belle.clean.filters.content import ContentFilter
from belle.clean.simplified import simplified_messages
from belle.clean.table_specs import filters_of
from belle.clean.text import message_features
from belle.config.base import load_params
from belle.config.clean import CleanParams
from belle.config.clean_filters import FilterParams, LanguageParams
from belle.data.tables import MESSAGE
from belle.files import write_json
from belle.mini.data.builtin import conversations

ROUNDS = 5
ALL_ON = FilterParams(
    mojibake=True,
    control_characters=True,
    repeated_lines=0.7,
    repeated_ngrams=0.7,
    perplexity=1000.0,
    gpt_questions=True,
    self_reference=True,
    refusals=True,
    missing_input=True,
    english_answers=True,
    belle_blacklist=True,
    blacklist=None,
    language=LanguageParams(min_letters=20, allowed=["zh", "en", "mixed"]),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    rows = instructions(options.file) if options.file else (row["messages"] for row in conversations("general", "x"))
    messages = table(rows)
    features = message_features(messages)
    questions = message_features(table(answered(options.questions))) if options.questions else None
    params = load_params(CleanParams, "clean").model_copy(update={"filters": ALL_ON})
    result: dict[str, object] = {
        "rows": len(messages),
        "characters_per_row": round(sum(map(sum, features.field("characters").to_pylist())) / len(messages)),
        "processor": platform.machine(),
        "normal form and keys": {"rows_per_second": speed(lambda: message_features(messages), len(messages))},
        "simplify": {"rows_per_second": speed(lambda: simplified_messages(messages), len(messages))},
    }
    for one in filters_of("conversations", params, {}):
        if isinstance(one, ContentFilter):
            result[one.reason] = measured(one, features, questions)
            print(one.reason, result[one.reason], file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if options.output:
        write_json(options.output, result)


def instructions(file: Path) -> Iterable[list[dict[str, str]]]:
    """Yield the conversations of rows with an instruction, as the format `alpaca` joins them."""
    for row in json.loads(file.read_text(encoding="utf-8")):
        question = "\n".join(filter(None, (row["instruction"], row["input"])))
        yield [{"role": "user", "content": question}, {"role": "assistant", "content": row["output"]}]


def answered(file: Path) -> Iterable[list[dict[str, str]]]:
    """Yield the questions of an evaluation set with their answers; without one, with `-`."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = row.get("std_answer") or "-"
        yield [{"role": "user", "content": row["question"]}, {"role": "assistant", "content": answer}]


def table(rows: Iterable[list[dict[str, str]]]) -> pa.Array:
    return pa.array(list(rows), pa.list_(MESSAGE))


def measured(one: ContentFilter, features: pa.Array, questions: pa.Array | None) -> dict[str, int]:
    """Return the speed of a filter and how many rows it drops."""
    fitted = cast(ContentFilter, one.fitted(texts_of(features)))
    found = {"rows_per_second": speed(lambda: dropped(fitted, features), len(features))}
    found |= {"dropped": dropped(fitted, features)}
    if questions is not None:
        found |= {"questions_dropped": dropped(cast(ContentFilter, one.fitted(texts_of(questions))), questions)}
    return found


def dropped(one: ContentFilter, features: pa.Array) -> int:
    seen = one.see(features.field("roles"), features.field("contents"))
    return len(seen) - seen.count(None)


def texts_of(features: pa.Array) -> list[str]:
    return ["\n".join(contents) for contents in features.field("contents").to_pylist()]


def speed(work: Callable[[], object], rows: int) -> int:
    """Return rows per second of processor time, which other load disturbs less than the clock; the best round."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return int(round(rows / min(seconds), -2))


if __name__ == "__main__":
    main()
