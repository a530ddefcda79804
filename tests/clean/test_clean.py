import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belle.clean.clean import clean
from belle.clean.table_specs import REASONS
from belle.data.cleaned import DROPPED
from belle.data.questions import read_questions
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, write_table
from belle.errors import UserError
from belle.libraries.daft_setup import daft
from factories import clean_params, contents, conversation_row, question, text_row, write_json_lines


class Cleaned:
    """The result of one run of `clean`."""

    def __init__(self, folder: Path, counts: dict) -> None:
        self.folder, self.counts = folder, counts

    def rows(self, file):
        return pq.read_table(self.folder / file).to_pylist()

    def reasons(self):
        """{id: (reason, match)} of the dropped rows."""
        return {row["id"]: (row["reason"], row["match"]) for row in self.rows(DROPPED)}

    def kept(self, file=CONVERSATIONS):
        return [row["id"] for row in self.rows(file)]


def write_questions(path: Path, questions: dict[str, str]) -> None:
    """An evaluation set, given as id to question."""
    write_json_lines(path, *(question(identity, text).model_dump() for identity, text in questions.items()))


@pytest.fixture
def run_clean(tmp_path):
    """Clean rows of both tables; `questions` maps the id of an evaluation question to its text."""
    runs = iter(range(100))

    def run(conversations, texts=(), questions=None, **params):
        folder = tmp_path / str(next(runs))
        (folder / "raw").mkdir(parents=True)
        (folder / "clean").mkdir()
        write_table(folder / "raw" / CONVERSATIONS, conversations, CONVERSATION_SCHEMA)
        write_table(folder / "raw" / TEXTS, texts, TEXT_SCHEMA)
        write_questions(folder / "questions.jsonl", questions or {"unrelated": "与数据无关的问题？"})
        clean(folder / "raw", folder / "questions.jsonl", folder / "clean", clean_params(**params))
        return Cleaned(folder / "clean", json.loads((folder / "clean" / "counts.json").read_text()))

    return run


def test_order_normal_form_and_other_columns_are_kept(run_clean):
    rows = [conversation_row(f"r{number:03}", f" 问{number}字\r\n", "答 ") for number in range(250)]
    random.Random(1).shuffle(rows)
    rows[7]["category"] = "数学"
    kept = run_clean(rows).rows(CONVERSATIONS)
    assert [row["id"] for row in kept] == [row["id"] for row in rows]
    turns = [message["content"].strip() for message in rows[7]["messages"]]
    assert kept[7] == conversation_row(rows[7]["id"], *turns, category="数学")


def test_the_first_of_equal_rows_is_kept(run_clean):
    rows = [
        conversation_row("z", "你好", "您好"),
        conversation_row("b", "再见", "再见"),
        conversation_row("a", "你好！", " 您好"),
        conversation_row("c", "你 好", "您好 "),
        conversation_row("g", "你好", "您好。"),
        conversation_row("d", "你好", "您好", "你好", "您好"),
        conversation_row("e", "你好您好", "您好"),
        conversation_row("f", "你好", "您好", system="s"),
    ]
    cleaned = run_clean(rows, [text_row("t2", "甲。"), text_row("t1", "甲"), text_row("t0", "乙")])
    assert cleaned.kept() == ["z", "b", "g", "d", "e", "f"]
    assert cleaned.kept(TEXTS) == ["t2", "t0"]
    assert cleaned.reasons() == {"a": ("duplicate", "z"), "c": ("duplicate", "z"), "t1": ("duplicate", "t2")}


def test_a_match_is_a_kept_row(run_clean):
    rows = [
        conversation_row("short", "你", "好吗"),
        conversation_row("first", "你！！", "好吗"),
        conversation_row("second", "你？？", "好吗"),
        conversation_row("leak", "首都？", "北京"),
        conversation_row("leak again", "首都", "北京"),
    ]
    cleaned = run_clean(rows, questions={"q": "首都？"}, min_characters=2)
    assert cleaned.kept() == ["first"]
    assert cleaned.reasons() == {
        "short": ("too_short", None),
        "second": ("duplicate", "first"),
        "leak": ("contaminated", "q"),
        "leak again": ("contaminated", "q"),
    }


def test_traditional_rows_are_judged_and_written_in_simplified_characters(run_clean):
    rows = [
        conversation_row("a", "介紹一下臺灣", "臺灣是一個島嶼。"),
        conversation_row("b", "介绍一下台湾", "台湾是一个岛屿。"),
        conversation_row("c", "法國的首都？", "巴黎"),
    ]
    texts = [text_row("t", "這是一篇文章。")]
    cleaned = run_clean(rows, texts, {"q": "法国的首都？"}, simplify=True)
    assert cleaned.reasons() == {"b": ("duplicate", "a"), "c": ("contaminated", "q")}
    assert cleaned.rows(CONVERSATIONS) == [conversation_row("a", "介绍一下台湾", "台湾是一个岛屿。")]
    assert cleaned.rows(TEXTS)[0]["text"] == "这是一篇文章。"
    assert run_clean(rows, texts, {"q": "法国的首都？"}).kept() == ["a", "b", "c"]


def test_filters_can_be_switched_off(run_clean):
    rows = [conversation_row("a", "首都？", "北京"), conversation_row("b", "首都", "北京")]
    texts = [text_row("t", "首都"), text_row("u", "首都")]
    off = {"exact": False, "near": None, "ngram": None}
    kept = run_clean(rows, texts, {"q": "首都"}, decontaminate=off)
    assert (kept.kept(), kept.kept(TEXTS)) == (["a"], ["t"])
    kept = run_clean(rows, texts, deduplicate={"exact": False, "near": False})
    assert (kept.kept(), kept.kept(TEXTS)) == (["a", "b"], ["t", "u"])


MIXED = [
    conversation_row("kept", "一加一等于几？", "等于二"),
    conversation_row("malformed", "问"),
    conversation_row("empty", "问", ""),
    conversation_row("short", "问", "答案"),
    conversation_row("long", "问题", "答" * 50),
    conversation_row("leak", "中国的首都是哪里", "北京"),
    conversation_row("again", " 一加一等于几", "等于二"),
]
MIXED_TEXTS = [
    text_row("text", "一篇文章。"),
    text_row("text empty", None),
    text_row("text leak", "中国的首都是哪里？北京。"),
    text_row("text again", "一篇文章"),
]
QUESTIONS = {"q1": "中国的首都是哪里？"}


def test_dropped_rows_can_be_read(run_clean):
    cleaned = run_clean(MIXED, MIXED_TEXTS, QUESTIONS, min_characters=1, max_characters=40)
    dropped = cleaned.rows(DROPPED)
    assert [tuple(row[name] for name in ("id", "table", "reason", "match")) for row in dropped] == [
        ("malformed", "conversations", "malformed", None),
        ("empty", "conversations", "empty", None),
        ("long", "conversations", "too_long", None),
        ("leak", "conversations", "contaminated", "q1"),
        ("again", "conversations", "duplicate", "kept"),
        ("text empty", "texts", "empty", None),
        ("text leak", "texts", "contaminated", "q1"),
        ("text again", "texts", "duplicate", "text"),
    ]
    assert dropped[4]["text"] == "user:  一加一等于几\n\nassistant: 等于二"
    assert dropped[6]["text"] == "中国的首都是哪里？北京。"
    assert {row["source"] for row in dropped} == {"test"}


def test_every_row_is_counted_once(run_clean):
    counts = run_clean(MIXED, MIXED_TEXTS, QUESTIONS, min_characters=2, max_characters=40).counts
    none = dict.fromkeys(REASONS, 0)
    some = {"malformed": 1, "empty": 1, "too_short": 1, "too_long": 1, "contaminated": 1, "duplicate": 1}
    assert counts == {
        "conversations_in": 7,
        "conversations_kept": 1,
        "conversations_dropped": none | some,
        "conversations_by_source": {"test": {"in": 7, "kept": 1, "dropped": some}},
        "texts_in": 4,
        "texts_kept": 1,
        "texts_dropped": none | {"empty": 1, "contaminated": 1, "duplicate": 1},
        "texts_by_source": {"test": {"in": 4, "kept": 1, "dropped": {"empty": 1, "contaminated": 1, "duplicate": 1}}},
    }
    assert counts["conversations_in"] == counts["conversations_kept"] + sum(counts["conversations_dropped"].values())
    assert counts["texts_in"] == counts["texts_kept"] + sum(counts["texts_dropped"].values())


def many_conversations(count):
    """Conversations that are kept or dropped for different reasons, mixed."""
    generator = random.Random(3)
    for number in range(count):
        prompt = f"第{generator.randrange(count)}个问题" + generator.choice(["", "？", " ！"])
        yield conversation_row(f"row-{number}", prompt, generator.choice(["", "答", "中国", "答。", "字" * 30]))


def test_threads_and_partitions_do_not_change_a_byte(run_clean):
    conversations = list(many_conversations(21_000))
    texts = [text_row(f"t{number}", f"第{number % 900}篇") for number in range(1000)]
    one = run_clean(conversations, texts, QUESTIONS, max_characters=25)
    assert all(one.counts["conversations_dropped"][reason] for reason in ("empty", "too_long", "duplicate"))
    with daft.execution_config_ctx(
        default_morsel_size=1000, scan_tasks_min_size_bytes=1, scan_tasks_max_size_bytes=1000
    ):
        pa.set_cpu_count(1)
        try:
            other = run_clean(conversations, texts, QUESTIONS, max_characters=25)
        finally:
            pa.set_cpu_count(2)
    assert other.counts == one.counts
    assert contents(other.folder) == contents(one.folder)


def test_nothing_kept_is_an_error(run_clean):
    with pytest.raises(UserError, match=r"raw/conversations\.parquet: .*1 malformed, 1 empty"):
        run_clean([conversation_row("a", "x"), conversation_row("b", "x", "")])
    with pytest.raises(UserError, match=r"raw/conversations\.parquet: .*empty"):
        run_clean([])


@pytest.mark.parametrize("line", ["{", "\udcff", "[]", '{"id": "q"}', '{"id": "q", "question": null}'])
def test_a_broken_evaluation_set_is_an_error(tmp_path, line):
    path = tmp_path / "questions.jsonl"
    write_questions(path, {"a": "b"})
    path.write_bytes(path.read_bytes() + line.encode(errors="surrogateescape"))
    with pytest.raises(UserError, match=r"questions\.jsonl: row 2: .*dvc repro download_eval"):
        read_questions(path, None)


def test_a_missing_evaluation_set_is_an_error(tmp_path):
    with pytest.raises(UserError, match=r"questions\.jsonl: no such file.*dvc repro download_eval"):
        read_questions(tmp_path / "questions.jsonl", None)


@pytest.mark.parametrize("file", [CONVERSATIONS, TEXTS])
@pytest.mark.parametrize(("keep", "problem"), [(0, "no such file"), (0.9, "cut off")])
def test_a_missing_or_broken_table_is_an_error(run_clean, tmp_path, file, keep, problem):
    cleaned = run_clean([conversation_row("a", "x", "y")], [text_row("b", "x")])
    path = tmp_path / "0" / "raw" / file
    content = path.read_bytes()
    path.unlink()
    if keep:
        path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(UserError, match=f"raw/{file}: .*{problem}.*dvc repro download_data"):
        clean(tmp_path / "0" / "raw", tmp_path / "0" / "questions.jsonl", cleaned.folder, clean_params())


def test_rows_that_no_importer_could_read_are_counted(run_clean, tmp_path):
    schema = pa.schema([(name, pa.string()) for name in ("source", "file", "row", "problem", "text")])
    run_clean([conversation_row("a", "x", "y")])
    lost = [{"source": source, "row": "7"} for source in ("test", "other", "other")]
    write_table(tmp_path / "0/raw/conversations.malformed.parquet", lost, schema)
    (tmp_path / "out").mkdir()
    clean(tmp_path / "0/raw", tmp_path / "0/questions.jsonl", tmp_path / "out", clean_params())
    counts = json.loads((tmp_path / "out/counts.json").read_text())
    assert (counts["conversations_in"], counts["conversations_kept"]) == (4, 1)
    assert counts["conversations_dropped"]["unreadable"] == 3
    assert counts["conversations_by_source"] == {
        "test": {"in": 2, "kept": 1, "dropped": {"unreadable": 1}},
        "other": {"in": 2, "kept": 0, "dropped": {"unreadable": 2}},
    }
