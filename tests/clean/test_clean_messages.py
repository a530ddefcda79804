import pyarrow as pa
import pytest

from belle.clean.messages import facts, normalised
from belle.data.tables import MESSAGE

ROWS = [
    [{"role": "system", "content": "S"}, {"role": "user", "content": " Ａ？ "}],
    [],
    None,
    [{"role": None, "content": None}],
    [{"role": "user", "content": "b\r\nc"}],
]
NORMAL = [
    [{"role": "system", "content": "S"}, {"role": "user", "content": "Ａ？"}],
    [],
    [],
    [{"role": "", "content": ""}],
    [{"role": "user", "content": "b\nc"}],
]
FACTS = {
    "roles": [["system", "user"], [], [], [""], ["user"]],
    "characters": [[1, 2], [], [], [0], [3]],
    "turn_characters": [[None, 2], [], [], [0], [3]],
    "keys": [["s", "a"], [], [], [""], ["bc"]],
}
WHOLE = pa.array(ROWS, pa.list_(MESSAGE))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 5), (0, 2), (3, 4), (2, 2)])
def test_any_slice(start, stop):
    messages = WHOLE.slice(start, stop - start)
    assert normalised(messages).to_pylist() == NORMAL[start:stop]
    assert facts(messages).to_pylist() == [
        {name: values[row] for name, values in FACTS.items()} for row in range(start, stop)
    ]


def test_large_lists_and_strings_as_daft_gives_them():
    large = pa.large_list(pa.struct([("role", pa.large_string()), ("content", pa.large_string())]))
    assert facts(WHOLE.cast(large)).equals(facts(WHOLE))
