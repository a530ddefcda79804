import pytest

from belle.clean.filters.blacklist import BELLE, Blacklisted
from factories import PARAMS, clean_params, conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("sample", "seen"),
    [
        (conversation("加我微信 abc", "好"), "加我微信"),
        (conversation("如何赚钱？", "点击领取 FREE (100%) 奖励"), "FREE (100%)"),
        ("这里写着加我微信。", "加我微信"),
        (conversation("free (100%)", "好"), None),
        (conversation("我的微信", "好", system="加我微信"), None),
    ],
)
def test_phrases_are_taken_as_they_are_written(sample, seen):
    assert see_one(Blacklisted(("加我微信", "FREE (100%)")), sample) == seen


@pytest.mark.parametrize("phrase", BELLE)
def test_the_words_of_belle_are_seen(phrase):
    assert see_one(Blacklisted(BELLE), conversation("描述", f"见{phrase}。")) in BELLE


def test_the_lists_of_params_add_up():
    def create(**changes):
        return Blacklisted.create(clean_params(filters=PARAMS["clean"]["filters"] | changes), {})

    assert create() is None
    assert create(blacklist=["a"]) == Blacklisted(("a",))
    assert create(blacklist=["a"], belle_blacklist=True) == Blacklisted(("a", *BELLE))
    assert len(BELLE) == 18


def test_phrases_are_simplified_as_the_rows_are():
    filters = PARAMS["clean"]["filters"] | {"blacklist": ["臺灣"]}
    assert Blacklisted.create(clean_params(filters=filters, simplify=True), {}) == Blacklisted(("台湾",))
    assert Blacklisted.create(clean_params(filters=filters), {}) == Blacklisted(("臺灣",))
