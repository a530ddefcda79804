"""What the judge's prompts of an evaluation set have to be: one for each category, and asking for the label."""

from collections.abc import Iterable, Mapping

LABEL = "得分"
"""What a judge writes before its score when `evaluate.judge.output` is `text`."""


def prompt_problems(prompts: Mapping[str, str], categories: Iterable[str], output: str | None) -> list[str]:
    """Return one line for each category without a prompt, or whose prompt does not ask for `得分` although it should.

    Args:
        prompts: by category, in NFKC and case-folded as the others.
        categories: of the questions; one may be there twice.
        output: `evaluate.judge.output`, None where no judge is asked: then no label is needed.
    """
    known = ", ".join(sorted(prompts)) or "none"
    problems = []
    for category in dict.fromkeys(categories):
        if category not in prompts:
            problems.append(f"category {category!r}: there is no prompt for it; there are: {known}")
        elif output == "text" and LABEL not in prompts[category]:
            problems.append(
                f"category {category!r}: its prompt does not ask for {LABEL!r}; let it, or set evaluate.judge.output "
                "to json"
            )
    return problems
