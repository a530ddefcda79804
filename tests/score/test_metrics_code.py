from belle.score import metrics_code
from belle.score.metrics_code import code_digest, metrics_digest

CODE = """
\'\'\'A module.\'\'\'
LIMIT = 3  # at most


def first(text):
    \'\'\'Return its beginning.\'\'\'
    return text[:LIMIT]
"""
ANOTHER_DRESS = """
LIMIT = 3
\'\'\'At most.\'\'\'
def first( text ) :
    # its beginning
    \'\'\'Return the first characters.\'\'\'
    return (text[:LIMIT])
"""


def test_comments_docstrings_and_layout_are_no_part_of_what_scores():
    assert code_digest([CODE]) == code_digest([ANOTHER_DRESS])


def test_what_the_code_does_is():
    digests = [
        code_digest(sources)
        for sources in ([CODE], [CODE.replace("3", "4")], [CODE.replace("[:", "[-")], [CODE, "x = 1"], ["x = 1", CODE])
    ]
    assert len(set(digests)) == len(digests)


def test_a_version_of_a_library_is_a_part_of_what_scores(monkeypatch):
    before = metrics_digest()
    monkeypatch.setattr(metrics_code, "version", lambda name: "0.0.1")
    assert metrics_digest() != before
