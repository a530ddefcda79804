"""Verdicts that another parser reads otherwise."""

from belle.judge.flips import Flip, changed_answers, flips, report_flips

HEADER = "id\tjudge\trepeat\tscore\treason\trule\n"


def table(*rows):
    return HEADER + "".join("\t".join(row) + "\n" for row in rows)


def test_scores_and_reasons_that_differ():
    old = table(("q1", "judge", "0", "", "no_score", ""), ("q2", "judge", "0", "0.5000", "", "label"),
                ("q3", "judge", "0", "0.5000", "", "label"), ("gone", "judge", "0", "1.0000", "", "label"))  # fmt: skip
    new = table(("q1", "judge", "0", "0.8000", "", "label"), ("q2", "judge", "0", "0.5000", "", "json"),
                ("q3", "judge", "0", "", "ambiguous", ""), ("new", "judge", "0", "1.0000", "", "label"))  # fmt: skip
    assert flips(old, new) == [
        Flip("q1", "judge", "0", "no_score", "0.8000"), Flip("q3", "judge", "0", "0.5000", "ambiguous")
    ]  # fmt: skip
    assert flips("", new) == flips(new, new) == flips(HEADER, new) == []


def test_a_verdict_on_another_answer_is_no_flip():
    old = "id\tcategory\tanswer\tflags\tjudge\nq1\ta\taa\t\t0.5\nq2\ta\tbb\t\t0.5\n"
    new = "id\tcategory\tanswer\tflags\tjudge\nq1\ta\tcc\t\t0.8\nq2\ta\tbb\t\t0.8\nq3\ta\tdd\t\t1.0\n"
    assert changed_answers(old, new) == {"q1", "q3"}
    assert changed_answers("id\tcategory\tscore\nq1\ta\t0.5\n", new) == {"q1", "q2", "q3"}
    before = table(*((one, "judge", "0", "0.5000", "", "label") for one in ("q1", "q2")))
    after = table(*((one, "judge", "0", "0.8000", "", "label") for one in ("q1", "q2")))
    assert [one.id for one in flips(before, after, changed_answers(old, new))] == ["q2"]


def test_the_first_ten_are_said(capsys):
    report_flips("unquantized", [])
    assert capsys.readouterr().err == ""
    report_flips("unquantized", [Flip(f"q{number}", "judge", "0", "no_score", "1.0000") for number in range(12)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "score unquantized: 12 verdicts differ from those committed:"
    assert lines[1] == "  q0 judge 0: no_score -> 1.0000" and lines[-1].startswith("  and 2 more") and len(lines) == 12
    report_flips("unquantized", [Flip("q0", "judge", "0", "no_score", "1.0000")])
    assert capsys.readouterr().err.startswith("score unquantized: 1 verdict differs from those committed:\n")
