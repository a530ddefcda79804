import re

import pyarrow as pa
import pytest

from belle.clean.filters.content import ContentFilter, MessageFilter, phrases
from belle.clean.table_specs import FILTERS, filters_of
from belle.clean.text import message_features
from belle.data.tables import MESSAGE
from belle.libraries.daft_setup import daft
from factories import PARAMS, ROOT, clean_params, conversation, message

from .see_one import see_one


class Odd(MessageFilter):
    """Sees the letter X in an answer."""

    reason = "odd"
    roles = ("assistant",)

    def see_in(self, texts):
        return phrases(texts, "X.?")


ROWS = [conversation("X", "a"), conversation("b", "aX1"), [], conversation("b", "a", "b", "X2", "b", "X3"), None]


def test_the_first_message_of_its_roles_in_which_something_is_seen_counts():
    features = message_features(pa.array(ROWS, pa.list_(MESSAGE)))
    assert Odd().see(features.field("roles"), features.field("contents")) == [None, "X1", None, "X2", None]


def test_expressions_say_which_rows_are_dropped_and_what_was_seen():
    features = message_features(pa.array(ROWS, pa.list_(MESSAGE)))
    rows = daft.from_arrow(pa.table({name: features.field(name) for name in ("roles", "contents")}))
    rows = rows.with_columns(Odd().columns())
    found = rows.select(Odd().drops().alias("drops"), Odd().detail().alias("detail")).to_pydict()
    assert found == {"drops": [False, True, False, True, False], "detail": [None, "X1", None, "X2", None]}


OFF = {"mojibake": False, "control_characters": False, "repeated_lines": None, "repeated_ngrams": None}
KNOBS = {
    "mojibake": (True, "mojibake"),
    "control_characters": (True, "control_characters"),
    "repeated_lines": (0.5, "repetition"),
    "repeated_ngrams": (0.5, "repetition"),
    "perplexity": (1000.0, "perplexity"),
    "gpt_questions": (True, "gpt_question"),
    "self_reference": (True, "self_reference"),
    "refusals": (True, "refusal"),
    "missing_input": (True, "missing_input"),
    "english_answers": (True, "english_answer"),
    "belle_blacklist": (True, "blacklist"),
    "blacklist": (["a"], "blacklist"),
    "language": ({"min_letters": 20, "allowed": ["zh"]}, "language"),
}


def reasons(**filters):
    params = clean_params(filters=PARAMS["clean"]["filters"] | OFF | filters)
    return {one.reason for one in filters_of("conversations", params, {})}


@pytest.mark.parametrize("knob", PARAMS["clean"]["filters"])
def test_each_knob_switches_its_filter(knob):
    value, reason = KNOBS[knob]
    assert reasons(**{knob: value}) - reasons() == {reason}


def test_every_filter_sees_in_daft_what_it_sees_alone():
    rows = [*ROWS, conversation("总结这篇文章。", "抱歉，我无法回答。"), conversation("介绍长城", "我是ChatGPT，��")]
    features = message_features(pa.array(rows, pa.list_(MESSAGE)))
    lists = [features.field(name) for name in ("roles", "contents")]
    params = clean_params(filters=PARAMS["clean"]["filters"] | {knob: value for knob, (value, _) in KNOBS.items()})
    filters = [one for one in filters_of("conversations", params, {}) if isinstance(one, ContentFilter)]
    assert [one.see(*(column[:0] for column in lists)) for one in filters] == [[]] * len(filters)
    table = daft.from_arrow(pa.table(dict(zip(("roles", "contents"), lists, strict=True))))
    for one in filters:
        table = table.with_columns(one.columns())
    found = table.select(*(one.reason for one in filters)).to_pydict()
    assert found == {one.reason: one.see(*lists) for one in filters}
    assert found["missing_input"][-2:] == ["这篇文章", None]


def test_every_filter_on_content_is_described():
    table = (ROOT / "docs/filters.md").read_text(encoding="utf-8").partition("\n\nOn by default")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    described = {row[0].strip("| `"): re.findall(r"`([\w.]+)`", row[1]) for row in rows}
    knobs: dict[str, list[str]] = {}
    for knob, (_, reason) in KNOBS.items():
        knobs.setdefault(reason, []).append("language.allowed" if knob == "language" else knob)
    assert {reason: sorted(names) for reason, names in described.items()} == {
        reason: sorted(names) for reason, names in knobs.items()
    }
    assert list(described) == [one.reason for one in FILTERS if issubclass(one, ContentFilter)]


def test_a_filter_keeps_ordinary_rows():
    params = clean_params(filters=PARAMS["clean"]["filters"] | {knob: value for knob, (value, _) in KNOBS.items()})
    filters = [one for one in filters_of("conversations", params, {}) if isinstance(one, MessageFilter)]
    assert len(filters) >= 7
    kept = conversation(
        "写一首关于春天的诗。", "春风又绿江南岸，明月何时照我还。", "再写一首", "好雨知时节，当春乃发生。"
    )
    assert [see_one(one, kept) for one in filters] == [None] * len(filters)
    assert [see_one(one, [message("tool", "a"), message("user", "")]) for one in filters] == [None] * len(filters)
