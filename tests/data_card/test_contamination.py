from pathlib import Path

import pytest

from belle.clean.clean import clean
from belle.config.deduplication import DecontaminateParams
from belle.data.questions import Question, read_questions
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, write_table
from belle.data_card.contamination import SETTINGS, Match, is_covered, measure_contamination, search
from belle.mini.data import builtin
from clean_tables import write_clean
from factories import PARAMS, clean_params, conversation_row, question, text_row, write_json_lines

LONG = (
    "小明的妈妈从超市买回来一篮子水果，里面有苹果、香蕉和橙子。请你根据这段话写一个关于分享的小故事，要求语言生动活泼。"
)
QUESTIONS = [
    question("q1", "中国的首都是哪里？"), question("q2", LONG), question("q3", "2+3等于多少"),
    question("q4", "中国的首都是哪里"), question("q5", "学习汉字的方法有哪些"),
]  # fmt: skip
OFF = DecontaminateParams(exact=False, near=None, ngram=None, overlap=1.0)


def found(folder: Path, *rows: dict, texts: tuple = (), simplify: bool = False) -> dict[str, Match]:
    write_clean(folder / "clean", list(rows), texts=list(texts))
    return search(folder / "clean", QUESTIONS, simplify)


def test_the_surest_match_counts_and_so_does_each_row(tmp_path):
    changed = LONG.replace("生动活泼", "生动有趣")
    longer = f"请认真完成下面的任务，谢谢！{LONG}不少于五百字，分成三段来写。"
    rows = [
        conversation_row("a", longer, "答"),
        conversation_row("b", changed, "答", changed, "答"),
        conversation_row("c", "12+3等于多少", "15"),
        conversation_row("d", "x", "中国的首都是哪里？"),
    ]
    assert found(tmp_path, *rows[:1], *rows[2:]) == {"q2": Match(1, 1.0, "n-gram")}
    match = found(tmp_path, *rows)["q2"]
    assert (match.rows, round(match.similarity, 2), match.reason) == (2, 0.92, "near")


def test_all_questions_of_a_row_count_and_all_that_are_equal(tmp_path):
    row = conversation_row("a", "中国 的首都，是哪里", "北京", "２＋３等于多少？", "5")
    once = Match(1, 1.0, "exact")
    assert found(tmp_path, row) == {"q1": once, "q3": once, "q4": once}
    assert list(found(tmp_path, row)) == ["q1", "q3", "q4"]


def test_a_text_for_pretraining_may_hold_several(tmp_path):
    text = text_row("t", "问：中国的首都是哪里？答：北京。又问：２＋３等于多少？中国的首都是哪里？")
    in_text = Match(1, 1.0, "text")
    assert found(tmp_path, texts=(text, text_row("u", "12+3等于多少"))) == dict.fromkeys(("q1", "q3", "q4"), in_text)
    both = found(tmp_path, conversation_row("a", "2+3等于多少", "5"), texts=(text,))
    assert both["q3"] == Match(2, 1.0, "exact")


def test_questions_are_compared_in_the_characters_of_the_rows(tmp_path):
    traditional = [question("q", "學習漢字的方法有哪些")]
    write_clean(tmp_path / "clean", [conversation_row("a", "学习汉字的方法有哪些？", "答")])
    assert search(tmp_path / "clean", traditional, simplify=False) == {}
    assert search(tmp_path / "clean", traditional, simplify=True) == {"q": Match(1, 1.0, "exact")}


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"near": 0.5, "overlap": 0.5}, True),
        ({"near": 0.8}, False),
        ({"near": None}, False),
        ({"overlap": 0.9}, False),
        ({"ngram": None}, False),
        ({"ngram": 4}, False),
        ({"exact": False}, False),
    ],
)
def test_rows_are_read_again_unless_cleaning_looked_as_closely(tmp_path, changes, covered):
    used = SETTINGS.model_copy(update=changes)
    assert is_covered(used) == covered
    if covered:
        # no table is there to be read
        contamination = measure_contamination(tmp_path, QUESTIONS, used, simplify=False)
        assert (contamination.questions, contamination.found, contamination.is_searched) == (5, {}, False)


def test_the_settings_are_the_projects_defaults():
    assert PARAMS["clean"]["decontaminate"] == SETTINGS.model_dump()


@pytest.fixture(scope="module")
def mini(tmp_path_factory) -> Path:
    """The tables of the mini data that hold planted leaks, and the evaluation set."""
    folder = tmp_path_factory.mktemp("mini")
    (folder / "raw").mkdir()
    write_table(folder / "raw" / CONVERSATIONS, builtin.conversations("general", "mini-general"), CONVERSATION_SCHEMA)
    write_table(folder / "raw" / TEXTS, [], TEXT_SCHEMA)
    write_json_lines(folder / "questions.jsonl", *(Question(**row).model_dump() for row in builtin.questions("mini")))
    return folder


@pytest.mark.slow
def test_the_planted_leaks_are_listed_where_decontamination_is_off_and_gone_where_it_is_on(mini, tmp_path):
    questions = read_questions(mini / "questions.jsonl", None)
    left = {}
    for name, settings in (("off", OFF), ("on", SETTINGS)):
        (tmp_path / name).mkdir()
        params = clean_params(decontaminate=settings.model_dump(), deduplicate={"exact": False, "near": False})
        clean(mini / "raw", mini / "questions.jsonl", tmp_path / name, params)
        left[name] = search(tmp_path / name, questions, simplify=False)
    assert left["on"] == {}
    leaks = {one.id for one in questions[: builtin.LEAKS]}
    assert {name for name, match in left["off"].items() if match.reason == "exact"} >= leaks
