import pyarrow as pa
import pytest

from belle.clean.features import message_features, normalized
from belle.data.tables import MESSAGE
from factories import message

CONVERSATIONS = [
    [message("system", "S"), message("user", " Ａ？ ")],
    [],
    None,
    [{"role": None, "content": None}],
    [message("user", "b\r\nc")],
]
NORMALIZED = [
    [message("system", "S"), message("user", "Ａ？")],
    [],
    [],
    [message("", "")],
    [message("user", "b\nc")],
]
FEATURES = {
    "roles": [["system", "user"], [], [], [""], ["user"]],
    "characters": [[1, 2], [], [], [0], [3]],
    "turn_characters": [[None, 2], [], [], [0], [3]],
    "keys": [["s", "a"], [], [], [""], ["bc"]],
}
WHOLE = pa.array(CONVERSATIONS, pa.list_(MESSAGE))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 5), (0, 2), (3, 4), (2, 2)])
def test_a_slice_of_an_array_gives_the_same_as_the_whole(start, stop):
    messages = WHOLE.slice(start, stop - start)
    assert normalized(messages).to_pylist() == NORMALIZED[start:stop]
    assert message_features(messages).to_pylist() == [
        {name: values[index] for name, values in FEATURES.items()} for index in range(start, stop)
    ]


def test_large_lists_and_strings_of_daft_give_the_same():
    large = pa.large_list(pa.struct([("role", pa.large_string()), ("content", pa.large_string())]))
    assert message_features(WHOLE.cast(large)).equals(message_features(WHOLE))
