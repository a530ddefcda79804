"""What a comparison says, in plain sentences."""

from collections.abc import Iterator, Sequence

from belle.compare.numbers import interval, p_equals, p_value, percent, score, signed
from belle.compare.pairs import Pair, Verdict, verdict_of

VERDICTS: dict[Verdict, str] = {"better": "better", "worse": "worse", "unseen": "no difference seen"}
"""Of the first side, for tables."""


def verdict_sentence(pair: Pair, pairs: int) -> str:
    """Say which side is better and by how much, or that no difference can be seen.

    Args:
        pair: the two sides.
        pairs: how many are compared at once; p is adjusted for that many.
    """
    found, (a, b) = pair.overall, (pair.a.label, pair.b.label)
    p = p_equals(found.p) + (f"; {p_value(pair.p)} by Holm for {pairs} comparisons" if pairs > 1 else "")
    if pair.verdict == "unseen":
        return (
            f"No difference can be seen between {a} and {b}: {signed(found.estimate)} "
            f"(95 % interval {interval(found.low, found.high)}; {p}). "
            f"One of {score(found.smallest_detectable)} would be seen four times in five."
        )
    if pair.verdict == "better":
        size, bounds = found.estimate, interval(found.low, found.high)
    else:
        a, b, size, bounds = b, a, -found.estimate, interval(-found.high, -found.low)
    return f"{a} is better than {b} by {score(size)} (95 % interval {bounds}; {p})."


def equivalence_sentence(pair: Pair) -> str | None:
    """Say whether two sides are equal within the margin; None when nobody asks."""
    if (found := pair.equivalence) is None:
        return None
    shown = f"the 90 % interval is {interval(found.low, found.high)}"
    if found.equivalent:
        return f"{pair.a.label} and {pair.b.label} are equal within {found.margin:g}: {shown}."
    return f"That {pair.a.label} and {pair.b.label} are equal within {found.margin:g} is not shown: {shown}."


def detail_sentences(pair: Pair) -> Iterator[str]:
    """Say what else two sides show: questions won and lost, what pairing gave, whether the verdict holds."""
    found, (a, b) = pair.overall, (pair.a.label, pair.b.label)
    won = found.signs
    yield (
        f"Of {found.n} questions {a} is better on {won.wins} and {b} on {won.losses}; {won.ties} are equal "
        f"(sign test {p_equals(won.p)})."
    )
    if pair.same_answers is not None:
        yield f"They gave the same answer to {pair.same_answers} questions."
    if found.lost_a or found.lost_b:
        yield f"Left out because they have no score: {found.lost_a} of {a}, {found.lost_b} of {b}."
    if pair.verdict != "unseen":
        yield f"A difference of {score(found.smallest_detectable)} would be seen four times in five."
    if found.pairing_gain is not None and found.pairing_gain > 0:
        yield f"Comparing question by question makes the interval {percent(found.pairing_gain)} shorter."
    if pair.analyses:
        yield f"The verdict holds in {pair.holding} of {len(pair.analyses)} other analyses{_exceptions(pair)}."


def seed_sentence(pairs: Sequence[Pair]) -> str:
    """Say what the intervals know of training seeds."""
    known = [pair for pair in pairs if pair.overall.seeds_known]
    if known:
        return " ".join(_bill(pair) for pair in known)
    if len({result.model for pair in pairs for side in (pair.a, pair.b) for result in side.results}) == 1:
        return "All answers are of one trained model; what another training would give is not known."
    models = "Two trained models" if len(pairs) == 1 else "Single trained models"
    return f"{models}; what another training seed would give is not known."


def _bill(pair: Pair) -> str:
    found = pair.overall
    parts = {"seeds": found.variance.seeds, "questions": found.variance.questions, "judge": found.variance.judge}
    total = found.variance.total
    shares = ", ".join(f"{name} {percent(part / total)}" for name, part in parts.items() if part) if total else "none"
    paired = ", paired by seed" if found.paired_seeds else ""
    return (
        f"{pair.a.label} and {pair.b.label}: {found.seeds[0]} and {found.seeds[1]} training seeds{paired}; "
        f"uncertainty from {shares}."
    )


def _exceptions(pair: Pair) -> str:
    others = [
        f"{one.name}: {signed(one.difference.estimate)}, {p_equals(one.difference.p)}"
        for one in pair.analyses
        if verdict_of(one.difference.estimate, one.difference.p) != pair.own_verdict
    ]
    return f"; not in these ({'; '.join(others)})" if others else ""
