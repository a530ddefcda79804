import pytest

from belle.errors import UserError
from belle.files import write_tsv
from belle.score.contamination import flags_with_contamination, read_contaminated
from factories import answer


def test_contaminated_questions_are_flagged(tmp_path):
    path = tmp_path / "contaminated.tsv"
    path.write_text("question\trows\tsimilarity\treason\nq2\t3\t0.91\tcontaminated\n")
    found = flags_with_contamination(
        [answer("", None, identity="q1"), answer("", None, identity="q2")], read_contaminated(path)
    )
    assert found == [["empty"], ["contaminated", "empty"]]


def test_a_header_alone_is_no_question(tmp_path):
    (tmp_path / "contaminated.tsv").write_text("question\trows\tsimilarity\treason\n")
    assert read_contaminated(tmp_path / "contaminated.tsv") == set()


def test_a_missing_table_names_its_stage(tmp_path):
    with pytest.raises(UserError, match=r"contaminated\.tsv: no such file; run `dvc repro describe_data`"):
        read_contaminated(tmp_path / "contaminated.tsv")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"a\tb\nq1\t1\n", b"question\trows\n\n"])
def test_another_file_is_one_line(tmp_path, content):
    (tmp_path / "contaminated.tsv").write_bytes(content)
    with pytest.raises(UserError, match=r"contaminated\.tsv: broken.*dvc repro describe_data") as raised:
        read_contaminated(tmp_path / "contaminated.tsv")
    assert "\n" not in str(raised.value)


def test_ids_are_read_as_they_were_written(tmp_path):
    ids = ["q 1", 'a"b', '"', "问题"]
    write_tsv(tmp_path / "contaminated.tsv", ("question", "rows"), [(one, 1) for one in ids])
    assert read_contaminated(tmp_path / "contaminated.tsv") == set(ids)
