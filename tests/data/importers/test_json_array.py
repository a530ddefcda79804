import io
import json

import pytest

from belle.data.importers import json_array
from belle.data.importers.json_array import read_array

ELEMENTS = [{"a": ']}[{\\"'}, [1, {"c": None}], "text", {"b": [2.5, 10**40, "\ud83d"]}, {}]


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
@pytest.mark.parametrize("indent", [None, 2])
def test_elements_are_the_same_in_pieces_of_any_size(chunk, indent, monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", chunk)
    text = f" \n{json.dumps(ELEMENTS, indent=indent)} \n"
    assert list(read_array(io.StringIO(text))) == ELEMENTS


def test_an_empty_array_has_no_elements():
    assert list(read_array(io.StringIO("[ ]"))) == []


@pytest.mark.parametrize("text", ["", "{}", "[1", "[1,", "[1,]", "[1 2]", "[1] 2", '["a'])
def test_what_is_no_whole_array_is_an_error(text):
    with pytest.raises(json.JSONDecodeError):
        list(read_array(io.StringIO(text)))


def test_elements_before_a_broken_one_are_given():
    elements = read_array(io.StringIO('[1, 2, "unfinis'))
    assert [next(elements), next(elements)] == [1, 2]
    with pytest.raises(json.JSONDecodeError):
        next(elements)


def test_a_broken_element_does_not_read_the_file_to_its_end(monkeypatch):
    monkeypatch.setattr(json_array, "CHUNK_CHARACTERS", 10)
    monkeypatch.setattr(json_array, "MOST_CHARACTERS", 100)
    stream = io.StringIO('[{"a" 1}' + " " * 10_000 + "]")
    with pytest.raises(json.JSONDecodeError):
        list(read_array(stream))
    assert stream.tell() < 1000
