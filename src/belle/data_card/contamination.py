"""Which evaluation questions the kept rows still hold: data/card/contaminated.tsv.

Cleaning may be told to find less, or nothing at all. What a model is scored on must be known all the same, so here the
settings are always the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.decontamination.turns import BY_NGRAM, EXACT, NEAR, Hit, QuestionsInTurns
from belle.clean.decontamination.within_texts import QuestionsInTexts
from belle.clean.question_keys import keys_of
from belle.clean.text import comparison_key
from belle.config.deduplication import DecontaminateParams
from belle.data.questions import Question
from belle.data.slices import BYTES_AT_ONCE, row_slices, slices
from belle.data.tables import CONVERSATIONS, TEXTS
from belle.data_card.batches import batches
from belle.files import write_tsv

SETTINGS = DecontaminateParams(exact=True, near=0.7, ngram=8, overlap=0.8)
"""The defaults of `clean.decontaminate`."""
IN_TEXT = "text"
"""The question stands in a text for pre-training, word for word."""
REASONS = (BY_NGRAM, NEAR, IN_TEXT, EXACT)
"""From the least sure one to the surest."""
CONTAMINATED_TSV = "contaminated.tsv"
COLUMNS = ("question", "rows", "similarity", "reason")


@dataclass
class Match:
    """How the kept rows hold a question.

    Attributes:
        rows: kept rows that hold it.
        similarity: of the surest match, from 0 to 1.
        reason: of the surest match, one of `REASONS`.
    """

    rows: int
    similarity: float
    reason: str


@dataclass(frozen=True)
class Contamination:
    """What the kept rows hold of the evaluation set.

    Attributes:
        questions: how many there are.
        found: id of a question to its match, in the order of the evaluation set.
        is_searched: false where cleaning itself looked at least as closely: then no row was read again.
    """

    questions: int
    found: dict[str, Match]
    is_searched: bool

    def summary(self) -> dict[str, int | bool]:
        """Return what card.json says of it."""
        return {"questions": self.questions, "contaminated": len(self.found), "searched": self.is_searched}

    def write(self, path: Path) -> None:
        """Write one line per question that was found."""
        rows = ((name, one.rows, f"{one.similarity:.4f}", one.reason) for name, one in self.found.items())
        write_tsv(path, COLUMNS, rows)


def measure_contamination(
    clean: Path, questions: Sequence[Question], used: DecontaminateParams, simplify: bool
) -> Contamination:
    """Find the evaluation questions in data/clean, unless cleaning cannot have left any.

    Args:
        clean: data/clean.
        questions: the evaluation set.
        used: `clean.decontaminate`, by which the rows were cleaned.
        simplify: `clean.simplify`; then the rows are in Simplified characters.

    Raises:
        UserError: a table is missing or damaged.
    """
    if is_covered(used):
        return Contamination(len(questions), {}, is_searched=False)
    return Contamination(len(questions), search(clean, questions, simplify), is_searched=True)


def is_covered(used: DecontaminateParams) -> bool:
    """Return whether cleaning by these settings leaves nothing that `SETTINGS` find.

    A lower threshold finds more; n-grams of another length find other rows, neither more nor fewer.
    """
    is_near_enough = used.near is not None and SETTINGS.near is not None and used.near <= SETTINGS.near
    return used.exact and is_near_enough and used.ngram == SETTINGS.ngram and used.overlap <= SETTINGS.overlap


def search(clean: Path, questions: Sequence[Question], simplify: bool) -> dict[str, Match]:
    """Return the questions that rows of data/clean hold by `SETTINGS`, in memory that does not grow with the rows."""
    keys = keys_of(questions, simplify)
    # several questions may have one key
    own = {key: key for key in keys}
    found: dict[str, Match] = {}
    for hits in chain(_in_conversations(clean / CONVERSATIONS, own), _in_texts(clean / TEXTS, own)):
        _note(found, hits)
    return {one.id: found[key] for one, key in zip(questions, keys, strict=True) if key in found}


def _in_conversations(path: Path, questions: Mapping[str, str]) -> Iterator[list[Hit]]:
    """Yield what is found in some rows at a time; `turn` is the row among them."""
    finder = QuestionsInTurns(questions, SETTINGS)
    for _, batch in batches(path, "look for evaluation questions in conversations", ["messages"]):
        for part in row_slices(batch["messages"]):
            messages = batch["messages"][part]
            flat = pc.list_flatten(messages)
            is_user = pc.equal(pc.struct_field(flat, "role"), "user")
            rows = pc.list_parent_indices(messages).filter(is_user).to_pylist()
            turns = comparison_key(pc.struct_field(flat, "content").filter(is_user).cast(pa.large_string()))
            yield [hit._replace(turn=rows[hit.turn]) for hit in finder.hits(turns.to_pylist())]


def _in_texts(path: Path, questions: Mapping[str, str]) -> Iterator[list[Hit]]:
    """Yield what is found in some rows at a time; `turn` is the row among them."""
    finder = QuestionsInTexts(questions)
    for _, batch in batches(path, "look for evaluation questions in texts", ["text"]):
        for part in slices(pc.binary_length(batch["text"]).to_numpy(), BYTES_AT_ONCE):
            keys = comparison_key(batch["text"][part].cast(pa.large_string())).to_pylist()
            yield [Hit(row, question, 1.0, IN_TEXT) for row, key in enumerate(keys) for question in finder.find(key)]


def _note(found: dict[str, Match], hits: Sequence[Hit]) -> None:
    """Add what some rows hold to what was found before."""
    by_question: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_question[hit.question].append(hit)
    for question, own in by_question.items():
        match = found.setdefault(question, Match(0, 0.0, REASONS[0]))
        match.rows += len({hit.turn for hit in own})
        surest = max((REASONS.index(hit.how), hit.similarity) for hit in own)
        rank, match.similarity = max(surest, (REASONS.index(match.reason), match.similarity))
        match.reason = REASONS[rank]
