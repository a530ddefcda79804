"""What a judge was sent is shown where its key says that it was sent, else the page says that it is not."""

import json
from pathlib import Path

import pytest

from belle.config.endpoint import EndpointProfile
from belle.config.judging import PlannedJudging
from belle.endpoints.reply import Reply
from belle.judge.ask import Judge
from belle.judge.judgments import JUDGES, JUDGMENTS, REPLIES
from belle.judge.prompts import AGAIN_CLOSING, JSON_CLOSING, grading_message
from belle.report.data import load_page_data
from belle.report.sent import in_slots
from factories import answer
from judge.factories import judging
from report.workspace import write

FOLDER = "eval/judgments/unquantized"
SLOTS = ["题q0", "参", "答1"]
MESSAGE = grading_message("请给出得分。", "math", *SLOTS)


def reply(text):
    kept = Reply(
        text=text, finish_reason="stop", refusal=None, model="m", fingerprint=None, input_tokens=1, output_tokens=1
    )
    return kept.model_dump()


@pytest.fixture
def judged(workspace):
    """The workspace, with a reply without a score to the first answer, and one with a score when asked again."""
    plan = judging()
    judge = Judge.of(plan, "judge", None, None)
    keys = [judge.request(MESSAGE).key, judge.again(MESSAGE, 0, was_cut=False).key]
    asked = [
        {"id": "q0", "judge": "judge", "repeat": 0, "attempt": attempt, "key": key} for attempt, key in enumerate(keys)
    ]
    texts = ("很好。", "得分：0.8")
    write(f"{FOLDER}/{JUDGMENTS}", *map(json.dumps, asked))
    write(
        f"{FOLDER}/{REPLIES}",
        *(json.dumps({"id": key, "reply": reply(text)}) for key, text in zip(keys, texts, strict=True)),
    )
    write(f"{FOLDER}/{JUDGES}", "{}")
    write("dvc.lock", json.dumps({"stages": {"judge": {"outs": [{"path": FOLDER, "md5": "0.dir"}]}}}))
    write("data/eval/judge_prompts.json", json.dumps({"math": "请给出得分。"}))
    write("data/check/judge.json", PlannedJudging(judging=plan).model_dump_json())


def write_request(request, attempt=0):
    asked = {"id": "q0", "judge": "judge", "repeat": 0, "attempt": attempt, "key": request.key}
    write(f"{FOLDER}/{JUDGMENTS}", json.dumps(asked))


def notes(data):
    return {note.name: note.values for note in data.notes}


def sent(judgment):
    return "".join(SLOTS[part] if isinstance(part, int) else part for part in judgment.prompt)


def test_the_message_and_the_reply_are_shown(judged):
    data = load_page_data([])
    first, again = data.judgments[0][0]
    assert (again.score, again.reply) == (0.8, "得分：0.8")
    start, end = again.span
    assert "0.8" in again.reply[start:end]
    assert sent(first) == MESSAGE and sent(again) == MESSAGE + AGAIN_CLOSING
    assert 2 in first.prompt and "答1" not in "".join(map(str, first.prompt)), "the page has the answer already"
    assert not {"notePrompts", "noteOtherPrompts"} & notes(data).keys()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/eval/judge_prompts.json", json.dumps({"math": "请严格给出得分。"})),
        ("data/eval/judge_prompts.json", json.dumps({"code": "请给出得分。"})),
        ("data/check/judge.json", PlannedJudging(judging=judging(temperature=0.5)).model_dump_json()),
        ("data/check/judge.json", PlannedJudging(judging=None).model_dump_json()),
    ],
)
def test_a_message_that_was_never_sent_is_not_shown(judged, path, content):
    write(path, content)
    data = load_page_data([])
    assert [one.prompt for one in data.judgments[0][0]] == [(), ()]
    assert notes(data)["noteOtherPrompts"] == {"label": "unquantized", "count": "2", "all": "2"}


@pytest.mark.parametrize("path", ["data/eval/judge_prompts.json", "data/check/judge.json"])
@pytest.mark.parametrize("content", [None, "{"])
def test_what_is_missing_or_broken_is_named_once(judged, path, content):
    Path(path).unlink() if content is None else write(path, content)
    data = load_page_data([])
    assert [one.prompt for one in data.judgments[0][0]] == [(), ()]
    assert notes(data)["notePrompts"]["why"].startswith(path)
    assert "noteOtherPrompts" not in notes(data)


def test_a_reply_that_was_cut_off_was_asked_for_with_more_tokens(judged):
    write_request(Judge.of(judging(), "judge", None, None).again(MESSAGE, 0, was_cut=True), attempt=1)
    (judgment,) = load_page_data([]).judgments[0][0]
    assert sent(judgment) == MESSAGE + AGAIN_CLOSING


def test_a_schema_is_part_of_the_request_where_the_server_was_told_of_it(judged):
    plan = judging(output="json")
    planned = plan.judges["judge"].model_copy(update={"structured": "json_schema"})
    plan = plan.model_copy(update={"judges": {"judge": planned}})
    write("data/check/judge.json", PlannedJudging(judging=plan).model_dump_json())
    profile = EndpointProfile.model_construct(structured="json_schema")
    write_request(Judge.of(plan, "judge", profile, "enforced").request(MESSAGE))
    path = Path("metrics/details/eval/unquantized.json")
    details = json.loads(path.read_text())
    for structured, expected in (("enforced", MESSAGE + JSON_CLOSING), ("refused", "")):
        write(str(path), json.dumps(details | {"judges": {"judge": {"structured": structured}}}))
        assert sent(load_page_data([]).judgments[0][0][0]) == expected


@pytest.mark.parametrize("prompt", ["请给出得分。", "\x00 得分 \x02"])
def test_parts_are_the_whole_message(prompt):
    for reference in ("参", None):
        one = answer("\x02\x00回答", reference)
        texts = [one.question, one.reference, one.answer]
        message = grading_message(prompt, one.category, one.question, one.reference, one.answer) + AGAIN_CLOSING
        parts = in_slots(message, prompt, one)
        assert "".join(texts[part] if isinstance(part, int) else part for part in parts) == message
