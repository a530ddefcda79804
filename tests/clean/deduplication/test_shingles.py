import random

import numpy as np

from belle.clean.deduplication.minhash import bands, signatures
from belle.clean.deduplication.overlap import common, jaccard
from belle.clean.deduplication.shingles import Shingles, distinct, shingle
from belle.clean.deduplication.tokens import tokenize


def shingles(rows, size=3, salt=0):
    """Distinct shingles of rows, each a list of messages."""
    messages = [message for row in rows for message in row]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return distinct(shingle(tokenize(messages), size, starts, np.full(len(messages), salt, np.uint64)))


def sets(found):
    return [set(found.hashes[a:b].tolist()) for a, b in zip(found.starts, found.starts[1:], strict=False)]


def grams(messages, size=3):
    """The same by Python: shingles of Chinese messages."""
    return {m[at : at + size] for m in messages for at in range(max(1, len(m) - size + 1)) if m}


def texts(count, seed=1):
    draw = random.Random(seed)
    return ["".join(draw.choices("天地人你我他金木水火土山石田", k=draw.randint(0, 80))) for _ in range(count)]


def test_rows_share_as_many_shingles_as_their_texts_share_ngrams():
    rows = [[one, other] for one, other in zip(texts(60), texts(60, seed=2), strict=True)] + [
        ["天地"],
        ["天", "地"],
        [],
    ]
    found = shingles(rows)
    assert [len(one) for one in sets(found)] == [len(grams(row)) for row in rows]
    left, right = np.divmod(np.arange(len(rows) ** 2), len(rows))
    expected = [len(grams(rows[a]) & grams(rows[b])) for a, b in zip(left, right, strict=True)]
    assert common(found, left, found, right).tolist() == expected


def test_no_shingle_reaches_over_the_end_of_a_message():
    one, other = sets(shingles([["天地人你", "我他"], ["天地人你我他"]]))
    assert len(one & other) == 2


def test_salt_makes_equal_words_different():
    assert not set.intersection(*sets(shingles([["天地人你"]])), *sets(shingles([["天地人你"]], salt=1)))


def test_signatures_estimate_the_similarity():
    draw, rows = random.Random(3), []
    for text in texts(300, seed=4):
        changed = list(text + "天地人你我他" * 3)
        for at in draw.sample(range(len(changed)), 4):
            changed[at] = "龘"
        rows += [[text + "天地人你我他" * 3], ["".join(changed)]]
    found = shingles(rows)
    left = np.arange(0, len(rows), 2)
    sizes = np.diff(found.starts)
    true = jaccard(common(found, left, found, left + 1), sizes[left], sizes[left + 1])
    signature = signatures(found, 256)
    estimated = (signature[left] == signature[left + 1]).mean(axis=1)
    deviation = np.sqrt(true * (1 - true) / 256)  # of a binomial share
    assert abs(np.mean((estimated - true) / deviation)) < 0.3
    assert 0.8 < np.std((estimated - true) / deviation) < 1.2


def test_signatures_do_not_depend_on_the_rows_beside():
    rows = [[text] for text in texts(2000, seed=6)]
    whole = signatures(shingles(rows), 24)
    assert np.array_equal(whole[1000:1003], signatures(shingles(rows[1000:1003]), 24))
    assert set(signatures(Shingles(np.zeros(0, np.uint32), np.zeros(3, np.int64)), 2).ravel()) == {2**32 - 1}


def test_bands_are_equal_where_their_part_of_the_signature_and_the_guard_are():
    signature = np.array([[1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 3, 4]], np.uint32)
    found = bands(signature, 2, np.array([7, 7, 8], np.uint64))
    assert (found[0] == found[1]).tolist() == [True, False]
    assert (found[0] == found[2]).tolist() == [False, False]
    assert found[0, 0] != bands(signature[:, ::-1].copy(), 2, np.array([7, 7, 8], np.uint64))[0, 1]
