import pytest

from belle.mini.data.sample import Sample, is_held_out, plain


def test_the_key_of_a_sample_decides_its_side_and_not_its_phrasing():
    phrasings = ("1+1等于多少？", "What is 1 plus 1?", "a", "b")
    assert {Sample(phrasing, "2", key="1加1").held_out for phrasing in phrasings} == {is_held_out("1加1")}


def test_one_key_in_eight_is_held_out():
    assert 0.10 < sum(is_held_out(str(number)) for number in range(4000)) / 4000 < 0.15


@pytest.mark.parametrize(("one", "other"), [("３＋５＝？", "3+5="), ("What IS it", "whatisit."), ("你 好！", "你好")])
def test_plain_text_ignores_width_case_space_and_punctuation(one, other):
    assert plain(one) == plain(other)
