"""`belle compare`: is A better than B?"""

from collections.abc import Sequence
from typing import Literal

from belle.compare.as_json import as_json
from belle.compare.by_people import people_sentences
from belle.compare.document import Block, markdown, print_blocks
from belle.compare.notes import notes_of
from belle.compare.pair import Pair
from belle.compare.pair_tables import analyses_table, categories_table, category_matrix, pairs_table
from belle.compare.pairs import compare_sides
from belle.compare.result_tables import agreement_table, flags_table, params_table, scores_table
from belle.compare.scorer import choose_scorer, passed_over
from belle.compare.sentences import pair_sentences, seed_sentence, summary_sentences
from belle.compare.side import Side
from belle.compare.sides import load_sides

Form = Literal["text", "markdown", "json"]


def run_compare(
    names: Sequence[str], scorer: str | None, baseline: str | None, margin: float | None, form: Form
) -> None:
    """Print a comparison.

    Args:
        names: what is compared, as `load_sides` reads them.
        scorer: whose scores; chosen from those that all have when None.
        baseline: one of the names, which every other one is compared with; all pairs when None.
        margin: of equivalence, above 0; see `compare_sides`.
        form: what is printed.

    Raises:
        UserError: something that cannot be compared.
    """
    if baseline is not None and baseline not in names:
        names = [*names, baseline]
    sides = load_sides(names)
    chosen = choose_scorer(sides, scorer)
    against = None if baseline is None else sides[list(names).index(baseline)]
    pairs = compare_sides(sides, chosen, against, margin)
    notes, sentences = notes_of(sides, pairs, chosen), sentences_of(pairs, chosen)
    if scorer is None:
        notes = passed_over(sides, chosen) + notes
    if form == "json":
        return print(as_json(sides, pairs, chosen, sentences, notes))
    blocks = [*(f"note: {note}" for note in notes), *sentences, *tables_of(sides, pairs, chosen)]
    return print(markdown(blocks), end="") if form == "markdown" else print_blocks(blocks)


def sentences_of(pairs: Sequence[Pair], scorer: str) -> list[str]:
    """Return what the comparison says: first which is better, last what is not known."""
    found = pair_sentences(pairs[0]) if len(pairs) == 1 else list(summary_sentences(pairs))
    if len(pairs) == 1:
        found += people_sentences(pairs[0].people, len(pairs[0].a.first.ids), scorer)
    return [*found, f"Scored by {scorer}. {seed_sentence(pairs)}"]


def tables_of(sides: Sequence[Side], pairs: Sequence[Pair], scorer: str) -> list[Block]:
    """Return the tables that have something to show."""
    if len(pairs) == 1:
        found = [scores_table(sides, scorer), categories_table(pairs[0], scorer), analyses_table(pairs[0])]
    else:
        found = [scores_table(sides, scorer), pairs_table(pairs), category_matrix(pairs)]
    optional = (flags_table(sides), agreement_table(sides), params_table(sides))
    return [*found, *(table for table in optional if table is not None)]
