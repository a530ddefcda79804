"""What judges were sent: rebuilt, and believed where the key is that of the request to which the reply came."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import ValidationError

from belle.compare import results as compare
from belle.compare.cache import link_output
from belle.compare.result import Result
from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.files import read_json_object

if TYPE_CHECKING:
    from belle.judge import ask
    from belle.judge import judgments as judge

PROMPTS, JUDGES = Path("data/eval/judge_prompts.json"), Path("data/check/judge.json")
REPAIR = "bring it with `dvc pull data/eval data/check`"
SLOTS = ("\x00", "\x01", "\x02")
"""What stands for the question, the reference and the answer while a message is taken apart."""
Parts = tuple[str | int, ...]
"""A message as text and numbers of `SLOTS`."""


@dataclass(frozen=True)
class Rebuilt:
    """What the requests about a result were made from, as it is beside the result now.

    Attributes:
        prompts: by category.
        judges: by name.
    """

    prompts: Mapping[str, str]
    judges: Mapping[str, "ask.Judge"]

    def message(self, one: "judge.Judgment", answer: Answer) -> Parts:
        """Return the message to which a reply came; empty where another one would be sent now."""
        if answer.category not in self.prompts or one.judge not in self.judges:
            return ()
        from belle.judge.ask import message_about

        asked, message = self.judges[one.judge], message_about(answer, self.prompts)
        requests = [asked.again(message, one.repeat, was_cut) for was_cut in (False, True)]
        for request in requests if one.attempt else [asked.request(message, one.repeat)]:
            if request.key == one.key:
                return in_slots(request.messages[0]["content"], self.prompts[answer.category], answer)
        return ()


def in_slots(message: str, prompt: str, answer: Answer) -> Parts:
    """Take a message apart: the page has question, reference and answer already."""
    parts = _slots_of(prompt, answer.category, answer.reference is not None)
    texts = (answer.question, answer.reference or "", answer.answer)
    begin = "".join(texts[part] if isinstance(part, int) else part for part in parts)
    return (*parts, message[len(begin) :]) if message.startswith(begin) else (message,)


@cache
def _slots_of(prompt: str, category: str, has_reference: bool) -> Parts:
    from belle.judge.prompts import grading_message

    question, reference, answer = SLOTS
    message = grading_message(prompt, category, question, reference if has_reference else None, answer)
    found: list[str | int] = []
    for slot in SLOTS:
        before, is_there, after = message.partition(slot)
        if is_there:
            found += [before, SLOTS.index(slot)]
            message = after
    return (*found, message)


def rebuilt(result: Result) -> Rebuilt:
    """Read what the requests about a result were made from.

    Raises:
        UserError: it is not in the workspace, or in DVC's cache.
    """
    from belle.config.endpoint import EndpointProfile
    from belle.config.judging import PlannedJudging
    from belle.judge.ask import Judge

    with _file(result, PROMPTS) as path:
        prompts = read_json_object(path, REPAIR, str(PROMPTS))
    with _file(result, JUDGES) as path:
        content = read_json_object(path, REPAIR, str(JUDGES))
    try:
        judging = PlannedJudging.model_validate(content).judging
    except ValidationError:
        raise UserError(f"{JUDGES}: of another version of the project") from None
    if judging is None:
        return Rebuilt(prompts, {})
    judges: dict[str, Judge] = {}
    for name, planned in judging.judges.items():
        # of the profile a request depends on this alone
        profile = EndpointProfile.model_construct(structured=planned.structured)
        known = (result.details.get("judges") or {}).get(name) or {}
        judges[name] = Judge.of(judging, name, profile, known.get("structured"))
    return Rebuilt(prompts, judges)


@contextmanager
def _file(result: Result, path: Path) -> Iterator[Path]:
    """Yield the place of a file in an output directory of a result."""
    with TemporaryDirectory() as place:
        if result.revision == compare.WORKSPACE:
            yield path
            return
        link_output(result.lock.hash_of(str(path.parent)), str(path.parent), result.revision, Path(place))
        yield Path(place) / path.name
