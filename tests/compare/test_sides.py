import pytest

from belle.compare.sides import load_sides
from belle.errors import UserError


def test_sides_are_lettered_in_the_order_of_their_names(shared):
    sides = load_sides(["lora", "main", ":gptq-int4"])
    assert [(side.letter, side.label) for side in sides] == [("A", "lora"), ("B", "main"), ("C", "workspace:gptq-int4")]
    assert sides[0].scores("metrics").shape == (1, 48)
    assert sides[0].flagged("truncated").nonzero()[0].tolist() == [1, 2]


@pytest.mark.parametrize("names", [[], ["main"]])
def test_nothing_to_compare(shared, names):
    with pytest.raises(UserError, match="name two or more"):
        load_sides(names)


def test_too_many(shared):
    with pytest.raises(UserError, match="27 names; at most 26"):
        load_sides([f"experiment-{number}" for number in range(27)])


@pytest.mark.parametrize("names", [["", "main"], ["lora,", "main"], ["lora", " "]])
def test_an_empty_name_is_not_the_workspace(shared, names):
    with pytest.raises(UserError, match="a name is empty; what is here is called workspace"):
        load_sides(names)
