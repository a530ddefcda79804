import pytest

from belle.errors import UserError
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
