"""What is kept and dropped of the replies: every task accounted for, each removal with its reason and match."""

import pytest

from belle.generate_data.keep import keep_dialogues, keep_tasks
from belle.generate_data.seeds import read_seed_tasks
from factories import conversation
from generate_data.factories import block, reply

SEED = read_seed_tasks(None)[0]


def written(*instructions):
    return reply("\n###\n".join(block(4, one, "<无输入>", "好的，如下。") for one in instructions))


def test_every_task_is_kept_or_dropped_with_its_reason():
    replies = [
        (1, written("写一首关于春天的诗", SEED.instruction, "写一首关于春天的诗歌", "看图片写话")),
        (3, reply(f"{block(4, '解释成语画蛇添足', '无输入', '多此一举')}\n###\n5. 指令：写", "length")),
    ]
    kept = keep_tasks(replies, [SEED], 0.7)
    assert [row["id"] for row in kept.conversations] == ["1-1", "3-1"]
    assert [(row["id"], row["reason"], row["match"]) for row in kept.dropped] == [
        ("1-2", "similar", SEED.id), ("1-3", "similar", "1-1"), ("1-4", "other_media", None), ("3-2", "cut_off", None),
    ]  # fmt: skip
    assert kept.dropped[0]["similarity"] == 1.0
    assert kept.dropped[1]["similarity"] == pytest.approx(2 * 9 / 19)
    assert kept.conversations[1]["messages"] == conversation("解释成语画蛇添足", "多此一举")


def test_a_dropped_task_keeps_no_later_one_out():
    first, second = "写一首关于春天的诗", "写一首关于春天的诗歌"
    without_output = reply(block(4, first, "无", ""))
    kept = keep_tasks([(1, without_output), (2, written(second))], [], 0.7)
    assert [row["reason"] for row in kept.dropped] == ["empty_output"]
    assert [row["id"] for row in kept.conversations] == ["2-1"]


def test_the_threshold_is_what_is_set():
    both = written("写一首关于春天的诗", "写一首关于春天的诗歌")
    # 18 / 19 = 0.947
    assert len(keep_tasks([(1, both)], [], 0.94).conversations) == 1
    assert len(keep_tasks([(1, both)], [], 0.95).conversations) == 2


def test_dialogues_go_on_from_the_question_of_their_request():
    whole, short = "助手：好\n用户：再说\n助手：好的", "助手：好"
    kept = keep_dialogues([(1, reply(short)), (2, reply(whole))], ["一？", "二？"], 3)
    assert kept.conversations == [{"id": "dialogue-2", "messages": conversation("二？", "好", "再说", "好的")}]
    assert [(row["id"], row["reason"]) for row in kept.dropped] == [("dialogue-1", "few_turns")]
