import json
from pathlib import Path

import pytest

from belle.compare.sides import load_sides
from belle.errors import UserError
from compare.made_up import CATEGORY_OF, IDS, cached, commit, write_lock

TABLE = Path("metrics/details/eval/unquantized.answers.tsv")


def questions(**changed: str) -> str:
    """Put an evaluation set into the cache, with other words for some ids; return its hash."""
    lines = [
        {"id": one, "question": changed.get(one, f"question {one}"), "reference": None, "category": category}
        for one, category in zip(IDS, CATEGORY_OF, strict=True)
    ]
    lines.append({"id": "new", "question": changed.get("new", "one"), "reference": "1", "category": "math"})
    return cached("".join(json.dumps(line) + "\n" for line in lines).encode())


def refused() -> str:
    with pytest.raises(UserError) as caught:
        load_sides(["main", "workspace"])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_other_ids(repository):
    lines = TABLE.read_text().splitlines()
    TABLE.write_text("\n".join(lines[:21]) + "\n")
    assert refused().startswith(
        "main and workspace answered different questions: 48 and 20, 20 in common; q20 is the first that only one has"
    )


def test_another_order(repository):
    header, first, second, *rest = TABLE.read_text().splitlines()
    TABLE.write_text("\n".join([header, second, first, *rest]) + "\n")
    assert "the same questions in another order" in refused()


def test_other_categories(repository):
    TABLE.write_text(TABLE.read_text().replace("\trewrite", "\textract"))
    assert "two versions of the evaluation set: categories differ in 12 of 48, first in q3;" in refused()


def test_the_same_ids_with_other_words(repository):
    write_lock(questions=questions())
    commit("one version")
    write_lock(questions=questions(q7="other words", q9="others again"))
    assert "questions, references or categories differ in 2 of 48, first in q7;" in refused()


def test_a_file_that_differs_in_other_questions_is_no_other_version(repository):
    write_lock(questions=questions())
    commit("one version")
    write_lock(questions=questions(new="not asked"))
    assert len(load_sides(["main", "workspace"])) == 2


def test_versions_that_are_not_in_the_cache(repository):
    write_lock(questions="00f1")
    assert "which questions differ is not known: `dvc fetch --all-commits data/eval` brings both" in refused()
