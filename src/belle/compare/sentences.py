"""What a comparison says, in plain sentences."""

from collections.abc import Iterator, Sequence

from belle.compare.numbers import interval, p_equals, percent, score, signed
from belle.compare.pair import Pair, Verdict, verdict_of

VERDICTS: dict[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "unseen": "no difference seen",
    "not comparable": "not comparable",
}
"""Of the first side, for tables."""


LEAST_GAIN = 0.005
"""Of pairing, that is told: one percent."""


def pair_sentences(pair: Pair) -> list[str]:
    """Say all that is known of the only two sides."""
    return [_verdict(pair), *_equal([pair]), *_details(pair)]


def summary_sentences(pairs: Sequence[Pair]) -> Iterator[str]:
    """Say which of several sides are better than which, p-values by Holm; the figures of the others are in a table."""
    yield from (_better(pair, f"{p_equals(pair.p)} by Holm") for pair in pairs if pair.verdict in ("better", "worse"))
    yield from (_not_comparable(pair) for pair in pairs if pair.not_comparable)
    if unseen := [pair for pair in pairs if pair.verdict == "unseen"]:
        yield f"No difference can be seen between {_names(unseen)}."
    yield from _equal(pairs)


def _verdict(pair: Pair) -> str:
    found = pair.overall
    if pair.not_comparable:
        return _not_comparable(pair)
    if pair.verdict != "unseen":
        return _better(pair, p_equals(found.p))
    return (
        f"No difference can be seen between {_names([pair])}: {signed(found.estimate)} "
        f"(95 % interval {interval(found.low, found.high)}; {p_equals(found.p)})."
    )


def _not_comparable(pair: Pair) -> str:
    found = pair.overall
    return (
        f"The difference between {_names([pair])}, {signed(found.estimate)} (95 % interval "
        f"{interval(found.low, found.high)}), does not say which is better: {pair.not_comparable}."
    )


def _better(pair: Pair, p: str) -> str:
    found, (a, b) = pair.overall, (pair.a.label, pair.b.label)
    if pair.verdict == "better":
        return (
            f"{a} is better than {b} by {score(found.estimate)} (95 % interval {interval(found.low, found.high)}; {p})."
        )
    bounds = interval(-found.high, -found.low)
    return f"{b} is better than {a} by {score(-found.estimate)} (95 % interval {bounds}; {p})."


def _equal(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield which sides are equal within the margin, and for which that is not shown."""
    asked = [(pair, pair.equivalence) for pair in pairs if pair.equivalence is not None and not pair.not_comparable]
    for equal in (True, False):
        told = "Equal within" if equal else "Not shown to be equal within"
        if chosen := [(pair, found) for pair, found in asked if found.equivalent == equal]:
            shown = ", ".join(f"{_names([pair])} ({interval(found.low, found.high)})" for pair, found in chosen)
            yield f"{told} {chosen[0][1].margin:g}, by the 90 % interval of the difference: {shown}."


def _names(pairs: Sequence[Pair]) -> str:
    return ", ".join(f"{pair.a.label} and {pair.b.label}" for pair in pairs)


def _details(pair: Pair) -> Iterator[str]:
    """Yield what else two sides show: questions won and lost, what pairing gave, whether the verdict holds."""
    found, (a, b) = pair.overall, (pair.a.label, pair.b.label)
    won, is_better = found.signs, "has the higher score" if pair.not_comparable else "is better"
    yield (
        f"Of {found.n} questions {a} {is_better} on {won.wins} and {b} on {won.losses}; {won.ties} are equal "
        f"(sign test {p_equals(won.p)})."
    )
    if pair.same_answers is not None:
        yield f"They gave the same answer to {pair.same_answers} of {len(pair.a.first.ids)} questions."
    if found.lost_a or found.lost_b:
        yield f"Left out because they have no score: {found.lost_a} of {a}, {found.lost_b} of {b}."
    if pair.not_comparable:
        return
    smallest = score(found.smallest_detectable)
    yield f"This comparison finds a difference of {smallest} or more four times in five (power 0.8)."
    if found.pairing_gain is not None and found.pairing_gain >= LEAST_GAIN:
        yield f"Comparing question by question makes the interval {percent(found.pairing_gain)} shorter."
    if pair.analyses:
        yield f"The verdict holds in {pair.holding} of {len(pair.analyses)} other analyses{_exceptions(pair)}."


def seed_sentence(pairs: Sequence[Pair]) -> str:
    """Say what the intervals know of training seeds, and what makes up the uncertainty where that is known."""
    bills = [_bill(pair) for pair in pairs if pair.overall.seeds_known or pair.overall.variance.judge]
    return " ".join([*bills, *_unknown(pairs)])


def _unknown(pairs: Sequence[Pair]) -> Iterator[str]:
    if all(pair.overall.seeds_known for pair in pairs):
        return
    if len({result.model for pair in pairs for side in (pair.a, pair.b) for result in side.results}) == 1:
        yield "All answers are of one trained model; what another training would give is not known."
    else:
        models = "Two trained models" if len(pairs) == 1 else "Single trained models"
        yield f"{models}; what another training seed would give is not known."


def _bill(pair: Pair) -> str:
    found, (a, b) = pair.overall, pair.overall.seeds
    parts = {"seeds": found.variance.seeds, "questions": found.variance.questions, "judge": found.variance.judge}
    total = found.variance.total
    shares = ", ".join(f"{name} {percent(part / total)}" for name, part in parts.items() if part)
    paired = ", paired by seed" if found.paired_seeds else ""
    seeds = [f"{a} and {b} training seeds{paired}"] if found.seeds_known else []
    known = "; ".join([*seeds, *([f"uncertainty from {shares}"] if shares else [])])
    return f"{pair.a.label} and {pair.b.label}: {known}."


def _exceptions(pair: Pair) -> str:
    others = [
        f"{one.name}: {signed(one.difference.estimate)}, {p_equals(one.difference.p)}"
        for one in pair.analyses
        if verdict_of(one.difference.estimate, one.difference.p) != pair.own_verdict
    ]
    return f"; not in these ({'; '.join(others)})" if others else ""
