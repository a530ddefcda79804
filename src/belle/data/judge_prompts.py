"""What the judge's prompts of an evaluation set have to be: one for each category, and asking for the label."""

from collections.abc import Iterable, Mapping, Sequence

LABEL = "得分"
"""What a judge writes before its score when `evaluate.judge.output` is `text`."""


def prompt_problems(prompts: Mapping[str, str], categories: Iterable[str], output: str | None) -> list[str]:
    """Return a line about the categories without a prompt, and one about prompts that should ask for `得分` and do not.

    Args:
        prompts: by category, in NFKC and case-folded as the others.
        categories: of the questions; one may be there twice.
        output: `evaluate.judge.output`, None where no judge is asked: then no label is needed.
    """
    different = dict.fromkeys(categories)
    missing = [category for category in different if category not in prompts]
    unlabeled = [one for one in different if one in prompts and output == "text" and LABEL not in prompts[one]]
    problems = []
    if missing:
        known = ", ".join(sorted(prompts)) or "none"
        problems.append(f"there is no prompt for {_named(missing)}; there are: {known}")
    if unlabeled:
        change = "let it, or set evaluate.judge.output to json"
        problems.append(f"the prompt for {_named(unlabeled)} does not ask for {LABEL!r}; {change}")
    return problems


def _named(categories: Sequence[str]) -> str:
    return ", ".join(map(repr, categories))
