import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from belle.compare.command import run_compare
from belle.errors import UserError
from compare.made_up import SCORES, keep_as_experiment, write_lock, write_params, write_result

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = ("dvc", "torch", "transformers", "datasets", "scipy.stats", "nltk", "openai")
RUN = f"""
import sys
from belle.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def lines_of(capsys, *names: str, width: int = 80, **options) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        # a terminal without colors; sentences are wrapped for no other
        patch.setenv("TTY_COMPATIBLE", "1")
        patch.setenv("TERM", "dumb")
        asked = {"scorer": None, "baseline": None, "margin": None, "form": "text"} | options
        run_compare(names, **asked)
    return capsys.readouterr().out.splitlines()


def one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("names", [("lora", "main"), ("lora", "main", ":gptq-int4", "v1")])
def test_every_line_fits_the_terminal(shared, capsys, names, width):
    lines = lines_of(capsys, *names, width=width)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    assert "Scores" in lines
    assert any(line.startswith("open qa") for line in lines)


def test_two_sides(shared, capsys):
    lines = lines_of(capsys, "lora", "main")
    assert lines[0].startswith("main is better than lora by 0.444 (95 % interval")
    text = "\n".join(lines)
    assert "A lora  0." in text
    assert "B main  0." in text
    assert "without truncated (2)" in text
    assert "train.method  lora  ft" in text
    assert "A lora 4 % 0 % 0 % 0 % 2 %" in one_line(lines)


def test_a_baseline_need_not_be_named_twice(shared, capsys):
    lines = lines_of(capsys, "lora", ":gptq-int4", baseline="main")
    assert [line[:5] for line in lines if line.startswith(("A - ", "B - "))] == ["A - C", "B - C"]


def test_agreement_of_scorers(repository, capsys):
    judged = {"metrics": SCORES, "judge": np.clip(SCORES + 0.1, 0, 1)}
    write_result(judged)
    keep_as_experiment("judged")
    write_result(judged)
    lines = lines_of(capsys, "judged", "workspace")
    assert any(line.startswith("Agreement of scorers") for line in lines)
    row = next(line for line in lines if line.startswith("A judged     metrics, judge"))
    assert row.split()[4:] == ["48", "0.95", "0.95", "-0.100"], "equal differences have no interval"


def test_times_of_other_answers_are_not_shown(repository, capsys):
    speed = Path("metrics/details/speed.json").read_text()
    write_result({"metrics": SCORES * 0.9})
    Path("metrics/details/speed.json").write_text(speed)
    rows = {
        line[:6]: line.split()
        for line in lines_of(capsys, "main", "workspace")
        if line.startswith(("A main", "B work"))
    }
    assert rows["A main"][-3:] == ["6.3", "400.0", "72"]
    assert rows["B work"][-1] == "6.3"


def test_json(shared, capsys):
    found = json.loads("\n".join(lines_of(capsys, "lora", "main", ":gptq-int4", form="json")))
    assert found["scorer"] == "metrics"
    assert [pair["verdict"] for pair in found["pairs"]] == ["worse", "worse", "unseen"]
    assert found["pairs"][0]["overall"]["estimate"] == pytest.approx(-0.4444, abs=1e-4)
    assert found["params"]["differing"] == {"train.method": ["lora", "ft", "ft"]}
    assert found["sides"][2]["results"][0]["variant"] == "gptq-int4"


def test_markdown(shared, capsys):
    lines = lines_of(capsys, "lora", "main", form="markdown")
    assert lines[0].startswith("main is better than lora")
    assert "| parameter | A | B |" in lines
    assert "| train.method | lora | ft |" in lines


def test_notes_come_first(repository, capsys):
    write_params(method="lora")
    write_lock()
    write_result({"metrics": np.where(np.arange(48) < 12, np.nan, SCORES)}, metrics_sha256="m2")
    text = one_line(lines_of(capsys, "main", "workspace"))
    assert text.startswith(
        "note: workspace: scores of other params or inputs than those beside them: models/trained was made"
    )
    for note in (
        "main and workspace: scores were computed by two versions of the metrics, which may differ",
        "answers are unscored more often on one side, 0 of main and 12 of workspace of 48 each",
    ):
        assert f"note: {note}" in text


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_questions_that_no_seed_has_a_score_of(repository, capsys, form):
    for seed in (1, 2):
        write_params(seed=seed)
        write_result({"metrics": np.where(np.arange(48) < 3, np.nan, SCORES / seed)})
        keep_as_experiment(f"seed-{seed}")
    text = one_line(lines_of(capsys, "seed-1,seed-2", "main", form=form))
    assert "Left out because they have no score: 3 of seed-1 (2 seeds), 0 of main." in text
    if form == "text":
        # the mean of SCORES and its half, and SCORES
        means = [np.mean([SCORES[place] * share for place in range(3, 48, 4)]) for share in (0.75, 1)]
        assert f"rewrite {means[0]:.3f} {means[1]:.3f} {means[0] - means[1]:+.3f}" in text


def test_equal_answers_are_told_once(repository, capsys):
    assert one_line(lines_of(capsys, "main", "again")).count("the same answer") == 1
    text = one_line(lines_of(capsys, "main", "again", "lora"))
    assert text.count("note: main and again gave the same answers to all questions") == 1


def test_results_of_the_older_form(repository, capsys):
    table = Path("metrics/details/eval/unquantized.answers.tsv")
    rows = [line.split("\t") for line in table.read_text().splitlines()[1:]]
    table.write_text("id\tcategory\tscore\n" + "".join(f"{row[0]}\t{row[1]}\t{row[4]}\n" for row in rows))
    text = one_line(lines_of(capsys, "main", "workspace"))
    assert text.startswith("note: workspace: scored in an older form")
    assert "No difference can be seen between main and workspace: 0.000" in text


def test_the_same_bytes_every_time(shared, capsys):
    assert lines_of(capsys, "lora", "main", form="json") == lines_of(capsys, "lora", "main", form="json")


def test_an_unknown_scorer(shared):
    with pytest.raises(UserError, match="no scores of 'jugde' on every side"):
        run_compare(["lora", "main"], "jugde", None, None, "text")


@pytest.mark.slow
def test_the_command_imports_nothing_heavy(shared):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", RUN, "compare", "lora", "main"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert done.stdout.startswith("main is better than lora by 0.444")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lora",), "error: name two or more"),
        (("lora", "mian"), "error: mian: no experiment, branch, tag or commit has this name; did you mean main?"),
        (("lora", "main", "--json", "--markdown"), "error: --markdown and --json: choose one"),
    ],
)
def test_a_mistake_is_one_line(shared, arguments, message):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-m", "belle.cli", "compare", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
