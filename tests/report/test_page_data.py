import json

from belle.report.page_data.write import to_json, write_data
from report.made_up import HARMFUL, page_data


def test_json_can_stand_in_a_script_tag_and_reads_back():
    texts = [HARMFUL, "]]>", "\u2029", "\ud800 alone", "😀中文"]
    written = to_json(texts)
    assert not set(written) & set("<>&\u2028\u2029\ud800")
    assert json.loads(written) == texts
    assert written.encode() and "中文" in written


def test_keys_are_sorted():
    assert to_json({"b": 1, "a": {"d": None, "c": True}}) == '{"a":{"c":true,"d":null},"b":1}'


def test_the_digest_follows_the_data_alone():
    assert write_data(page_data()) == write_data(page_data())
    assert write_data(page_data()).digest != write_data(page_data(seed=1)).digest
    assert write_data(page_data()).digest != write_data(page_data(prompt="再评分。")).digest
