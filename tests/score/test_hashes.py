import hashlib

from belle.score.hashes import answer_hash, rating_hash


def test_hashes_are_the_first_digits_of_sha_256():
    assert answer_hash("北京") == hashlib.sha256("北京".encode()).hexdigest()[:16]
    assert rating_hash("q1", "北京") == hashlib.sha256("q1\n北京".encode()).hexdigest()[:16]
