import json
from pathlib import Path

import numpy as np
import pytest

from belle.compare.results import answers, judgments, load_results
from belle.errors import UserError
from compare.made_up import (
    CATEGORY_OF,
    IDS,
    SCORES,
    cache,
    commit,
    git,
    keep_as_experiment,
    write_lock,
    write_params,
    write_result,
)

TABLE = Path("metrics/details/eval/unquantized.answers.tsv")


def answer(identity: str) -> bytes:
    line = {"id": identity, "question": "问", "category": "math", "reference": None, "answer": f"answer of {identity}"}
    return (json.dumps(line | {"tokens": 1, "stop": "eos"}) + "\n").encode()


def test_every_kind_of_name(shared):
    lora, main, int4, workspace = load_results(["lora", "main:gptq-int4", ":gptq-int4", "workspace"])
    assert [one.label for one in (lora, main, int4, workspace)] == [
        "lora",
        "main:gptq-int4",
        "workspace:gptq-int4",
        "workspace",
    ]
    assert (lora.revision, lora.variant) == (git("rev-parse", "refs/exps/" + ref("lora")), "unquantized")
    assert (int4.revision, int4.variant) == ("workspace", "gptq-int4")
    assert lora.ids == IDS
    assert lora.categories == CATEGORY_OF
    assert lora.flags[:4] == [frozenset(), {"truncated"}, {"contaminated", "truncated"}, frozenset()]
    assert lora.params["train"]["method"] == "lora"
    assert lora.speed["train"] == {"seconds": 72.0}
    assert lora.stale is None
    np.testing.assert_allclose(workspace.scores["metrics"], SCORES)


def ref(name: str) -> str:
    (found,) = [
        line for line in git("for-each-ref", "--format=%(refname)", "refs/exps").splitlines() if line.endswith(name)
    ]
    return found.removeprefix("refs/exps/")


def test_an_unscored_answer_is_no_number(repository):
    write_result({"metrics": np.where(np.arange(48) < 2, np.nan, SCORES), "judge": SCORES, "human:Li": SCORES * np.nan})
    (found,) = load_results(["workspace"])
    assert list(found.scores) == ["metrics", "judge", "human:Li"]
    assert np.isnan(found.scores["metrics"]).tolist() == [True, True] + 46 * [False]
    assert np.isnan(found.scores["human:Li"]).all()


def test_results_of_the_older_form_are_read_as_metrics(repository):
    TABLE.write_text("id\tcategory\tscore\nq0\tmath\t0.5000\nq1\tcode\t\n")
    (found,) = load_results(["workspace"])
    assert list(found.scores) == ["metrics"]
    assert found.hashes == ["", ""]
    np.testing.assert_equal(found.scores["metrics"], [0.5, np.nan])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["lora:gptq-int3"], "lora:gptq-int3: no scores of a variant 'gptq-int3'; there are: gptq-int4, unquantized"),
        (["lora", "lora"], "lora: given twice"),
        (["nothing"], "nothing: no experiment, branch, tag or commit has this name; there are: again, lora"),
    ],
)
def test_names_that_cannot_be_loaded(shared, names, message):
    with pytest.raises(UserError, match=message):
        load_results(names)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id\tscore\nq0\t1\n", "its columns are id, score, not id, category, answer, flags and scorers"),
        ("id\tcategory\tanswer\tflags\tmetrics\n", "holds no scores"),
        ("id\tcategory\tanswer\tflags\nq0\tmath\tab\t\n", "holds no scores"),
        ("id\tcategory\tanswer\tflags\tmetrics\nq0\tmath\tab\n", "row 2: not 5 cells"),
        ("id\tcategory\tanswer\tflags\tmetrics\nq0\tmath\tab\t\t1\t2\n", "row 2: not 5 cells"),
        ("id\tcategory\tanswer\tflags\tmetrics\nq0\tmath\tab\t\tgood\n", "row 2: metrics is 'good', no number"),
    ],
)
def test_a_broken_table(repository, table, message):
    TABLE.write_text(table)
    with pytest.raises(UserError, match=f"workspace: {TABLE}: {message}.*dvc repro"):
        load_results(["workspace"])


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (
            "dvc.lock",
            "schema: '2.0'\n<<<<<<< HEAD\nstages: {}\n",
            r"dvc.lock: no YAML, line \d; .*git checkout dvc.lock",
        ),
        ("params.yaml", "- 1\n", r"params.yaml: no mapping; bring it back with `git checkout params.yaml`"),
        ("metrics/details/eval/unquantized.json", "{", "unquantized.json: is no JSON object"),
        ("metrics/details/speed.json", "[]", "speed.json: is no JSON object"),
        ("metrics/details/eval/unquantized.judgments.tsv", "id\tjudge\nq0\tjudge\n", "a row is no judgment of one of"),
        (
            "metrics/details/eval/unquantized.judgments.tsv",
            "id\tjudge\trepeat\tscore\nx\tjudge\t0\t0.5\n",
            "a row is no judgment of one of",
        ),
    ],
)
def test_another_broken_file(repository, path, text, message):
    Path(path).write_text(text)
    with pytest.raises(UserError, match=f"workspace: .*{message}"):
        load_results(["workspace"])


def test_a_commit_without_scores(repository):
    git("rm", "-q", "-r", "metrics")
    commit("nothing scored")
    with pytest.raises(UserError, match="HEAD: no scores here; run the experiment"):
        load_results(["HEAD"])


def test_texts_come_from_the_cache_by_the_hash_of_that_revision(repository):
    write_lock({"eval/unquantized": cache({"answers.jsonl": answer("q7"), "stats.json": b"{}"})})
    commit("with answers")
    write_lock({"eval/unquantized": cache({"answers.jsonl": answer("q8"), "stats.json": b"{}"})})
    keep_as_experiment("other")
    main, other = load_results(["main", "other"])
    assert [one.answer for one in answers(main)] == ["answer of q7"]
    assert [one.answer for one in answers(other)] == ["answer of q8"]


def test_texts_of_the_workspace(repository):
    (found,) = load_results(["workspace"])
    with pytest.raises(
        UserError, match=r"eval/unquantized: no such directory; bring it with `dvc pull eval/unquantized`"
    ):
        answers(found)
    Path("eval/unquantized").mkdir(parents=True)
    Path("eval/unquantized/answers.jsonl").write_bytes(answer("q1"))
    assert [one.id for one in answers(found)] == ["q1"]


def test_texts_that_are_not_in_the_cache(repository):
    lora, main = load_results(["lora", "main"])
    with pytest.raises(UserError, match=r"eval/unquantized of lora is not in DVC's cache.*`dvc exp pull origin lora`"):
        answers(lora)
    with pytest.raises(UserError, match=r"not in DVC's cache.*`dvc fetch --all-commits eval/unquantized`"):
        answers(main)


def test_a_part_of_the_texts_that_is_not_in_the_cache(repository):
    listing = cache({"answers.jsonl": answer("q7")})
    (path,) = [path for path in Path(".dvc/cache").rglob("*") if path.is_file() and not path.name.endswith(".dir")]
    path.unlink()
    write_lock({"eval/unquantized": listing})
    commit("lost")
    with pytest.raises(UserError, match="not in DVC's cache"):
        answers(load_results(["main"])[0])


def test_judgments_come_from_the_cache(repository):
    empty = cache({"replies.jsonl": b"", "judgments.jsonl": b"", "judges.json": b"{}"})
    texts = cache({"answers.jsonl": answer("q7")})
    write_lock({"eval/unquantized": texts, "eval/judgments/unquantized": empty})
    commit("nobody judged")
    assert judgments(load_results(["main"])[0], {}) == []
    key = 64 * "a"
    reply = '{"text": "得分: 0.5", "finish_reason": "stop", "refusal": null, "model": "m", "fingerprint": null, '
    judged = {
        "replies.jsonl": f'{{"id": "{key}", "reply": {reply}"input_tokens": 1, "output_tokens": 1}}}}\n'.encode(),
        "judgments.jsonl": f'{{"id": "q7", "judge": "judge", "repeat": 0, "attempt": 0, "key": "{key}"}}\n'.encode(),
        "judges.json": b"{}",
    }
    write_lock({"eval/unquantized": texts, "eval/judgments/unquantized": cache(judged)})
    commit("judged")
    (found,) = judgments(load_results(["main"])[0], {"q7": "答"})
    assert (found.id, found.judge, found.verdict.score) == ("q7", "judge", 0.5)


def test_scores_of_other_params_are_known_as_such(repository):
    write_params(method="lora")
    (found,) = load_results(["workspace"])
    assert found.stale == "models/trained was made with other values of train.method"


def test_no_commit_is_checked_out(repository):
    before = git("status", "--porcelain"), git("rev-parse", "HEAD")
    load_results(["lora", "again", "main:gptq-int4"])
    assert (git("status", "--porcelain"), git("rev-parse", "HEAD")) == before
