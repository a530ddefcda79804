import pyarrow as pa
import pytest

from belle.clean.features import message_features, normalized
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
MESSAGE_FEATURES = {
    "roles": [["system", "user"], [], [], [""], ["user"]],
    "characters": [[1, 2], [], [], [0], [3]],
    "turn_characters": [[None, 2], [], [], [0], [3]],
    "keys": [["s", "a"], [], [], [""], ["bc"]],
}
WHOLE = pa.array(ROWS, pa.list_(MESSAGE))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 5), (0, 2), (3, 4), (2, 2)])
def test_any_slice(start, stop):
    messages = WHOLE.slice(start, stop - start)
    assert normalized(messages).to_pylist() == NORMAL[start:stop]
    assert message_features(messages).to_pylist() == [
        {name: values[row] for name, values in MESSAGE_FEATURES.items()} for row in range(start, stop)
    ]


def test_large_lists_and_strings_as_daft_gives_them():
    large = pa.large_list(pa.struct([("role", pa.large_string()), ("content", pa.large_string())]))
    assert message_features(WHOLE.cast(large)).equals(message_features(WHOLE))
