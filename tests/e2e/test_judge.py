"""A judge beside the metrics: what a person runs and sees, and what a colleague without a key has of it."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest
from repository import Repository, costly, ran

from chat_server import Body, ChatServer, completion, serve_chat
from factories import contents, write_json_lines

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

KEY = "-".join(("sk", "end", "to", "end", "5f1c9a70"))
"""In pieces: the repository of the test holds this file too."""
PROMPT = "请评分，按照“得分:”输出。"
PROBES = 15
"""Requests of the injection probe."""
SCHEME = "gguf-q8_0"
VARIANTS = ("unquantized", SCHEME)
JUDGE_STAGES = {"judge", f"judge_quantized@{SCHEME}"}


@pytest.fixture
def judge() -> Iterator[ChatServer]:
    """A judge that looks at the question alone, so that the scores can be computed without its replies."""
    with serve_chat() as chat:
        chat.answer = lambda body: completion(f"理由：可以。\n得分：{grade(question_in(body))}")
        yield chat


def question_in(body: Body) -> str:
    message = body["messages"][0]["content"]
    return re.split(" 标准回答:|  模型回答：", message.removeprefix(f"{PROMPT} "))[0]


def grade(question: str) -> float:
    return len(question) % 10 / 10


@pytest.fixture
def repository(branch: Repository, judge: ChatServer) -> Repository:
    """The finished repository; the set `judged` has its questions and prompts for them, the judge wants a key."""
    folder, configs = branch.path / "inputs/judged", branch.path / "configs"
    folder.mkdir()
    questions = Path(shutil.copy(branch.path / "data/eval/questions.jsonl", folder))
    categories = {line["category"] for line in read_lines(questions)}
    write_json_lines(folder / "prompts.jsonl", *({"class": one, "prompt": PROMPT} for one in sorted(categories)))
    branch.dvc("add", "inputs/judged")
    source = {"kind: builtin": "kind: path", "  name: mini": "  path: inputs/judged\njudge_prompts: prompts.jsonl"}
    replace(configs / "eval/mini.yaml", configs / "eval/judged.yaml", source)
    server = {"http://127.0.0.1:8000/v1": judge.address, "api_key_variable: null": "api_key_variable: SECRET"}
    replace(configs / "endpoint/local.yaml", configs / "endpoint/local.yaml", server)
    return branch


def replace(source: Path, target: Path, changes: dict[str, str]) -> None:
    text = source.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    target.write_text(text, encoding="utf-8")


def read_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def answers(repository: Repository, variant: str) -> list[dict[str, str]]:
    return read_lines(repository.path / f"eval/{variant}/answers.jsonl")


def judged_score(repository: Repository, variant: str) -> float:
    """The macro score of a variant, from its questions and categories."""
    groups = defaultdict(list)
    for answer in answers(repository, variant):
        group = "others" if answer["category"] in ("math", "code") else answer["category"]
        groups[group].append(grade(answer["question"]))
    return fmean(map(fmean, groups.values()))


def scores(repository: Repository, variant: str) -> dict[str, float]:
    return json.loads((repository.path / f"metrics/scores/{variant}.json").read_text())


def test_a_judge_beside_the_metrics_and_a_colleague_without_a_key(repository, judge, tmp_path):
    overrides = ("evaluate.set=judged", "evaluate.scorer=both", f"quantize.schemes=[{SCHEME}]")
    # nothing is generated again: the questions are the same
    assert repository.experiment(*overrides, SECRET=KEY) == {"download_eval"}
    texts = {(one["id"], one["answer"]) for name in VARIANTS for one in answers(repository, name)}
    assert len(judge.asked) == len(judge.counts()) == len(texts) + PROBES and judge.keys == {f"Bearer {KEY}"}
    for variant in VARIANTS:
        assert scores(repository, variant)[f"{variant}_judge"] == round(judged_score(repository, variant), 4)
    table = repository.dvc("exp", "show", "--no-pager", "--drop", ".*/", COLUMNS="400").splitlines()
    named = set(next(line for line in table if "Experiment" in line).split())
    assert named > {*VARIANTS, *(f"{one}_judge" for one in VARIANTS), "ci_low", "judge_ci_low", "judge_ci_high"}
    repository.commit("judged")
    repository.dvc("push")

    clone, asked = repository.clone(tmp_path / "clone"), len(judge.asked)
    clone.dvc("pull")
    before = contents(clone.path / "eval/judgments"), scores(clone, "unquantized")
    profile, parser = clone.path / "configs/eval/judged.yaml", clone.path / "src/belle/judge/values.py"
    replace(profile, profile, {"  translation: chrf\n": ""})
    parser.write_text(parser.read_text(encoding="utf-8") + "# another parser\n", encoding="utf-8")
    output = clone.dvc("repro", f"score_quantized@{SCHEME}", "score")
    assert costly(output) == set() and JUDGE_STAGES | {"score", f"score_quantized@{SCHEME}"} <= ran(output)
    assert contents(clone.path / "eval/judgments") == before[0] and len(judge.asked) == asked
    details = json.loads((clone.path / "metrics/details/eval/unquantized.json").read_text())["scorers"]
    assert details["metrics"]["n"] < details["judge"]["n"] == 22
    assert scores(clone, "unquantized")["unquantized_judge"] == before[1]["unquantized_judge"]
    for folder in (repository.path, clone.path):
        assert not [name for name, data in contents(folder).items() if KEY.encode() in data]
