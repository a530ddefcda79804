"""A made-up repository: results of experiments as the pipeline leaves them in Git and in DVC's cache."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from git_commands import commit, git

CATEGORIES = ["math", "code", "open qa", "rewrite"]
QUESTIONS = 48
IDS = [f"q{number}" for number in range(QUESTIONS)]
CATEGORY_OF = [CATEGORIES[number % len(CATEGORIES)] for number in range(QUESTIONS)]
PARAMS = {
    "seed": 1,
    "evaluate": {"set": "mini", "limit": None},
    "train": {"method": "ft", "ft": {"learning_rate": 2.5e-3}},
    "checkpoint": "trained",
}
SCORES = (np.arange(QUESTIONS) % 5 != 0) * 0.8
"""Of the first choice: 0.8, and 0 for every fifth question."""


def keep_as_experiment(name: str) -> str:
    """Make the workspace a DVC experiment that started from HEAD, and go back to HEAD."""
    base = git("rev-parse", "HEAD")
    made = commit(f"dvc: commit experiment {name}")
    git("update-ref", f"refs/exps/{base[:2]}/{base[2:]}/{name}", made)
    git("reset", "-q", "--hard", base)
    return made


def write_params(**changes: Any) -> None:
    """Write params.yaml; `method` is train.method, everything else is a key at the top."""
    train = PARAMS["train"] | ({"method": changes.pop("method")} if "method" in changes else {})
    YAML().dump(PARAMS | {"train": train} | changes, Path("params.yaml"))


def write_result(
    scores: dict[str, np.ndarray],
    variant: str = "unquantized",
    texts: list[str] | None = None,
    flags: dict[int, str] | None = None,
    **details: Any,
) -> None:
    """Write what Git has of a variant. `flags`: by number of the question; `texts`: equal for equal scores."""
    folder = Path("metrics/details/eval")
    folder.mkdir(parents=True, exist_ok=True)
    texts = texts or [f"{variant} {number} {value}" for number, value in enumerate(next(iter(scores.values())))]
    with (folder / f"{variant}.answers.tsv").open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(["id", "category", "answer", "flags", *scores])
        for number, identity in enumerate(IDS):
            digest = hashlib.sha256(texts[number].encode()).hexdigest()[:16]
            cells = ["" if np.isnan(values[number]) else f"{values[number]:.4f}" for values in scores.values()]
            writer.writerow([identity, CATEGORY_OF[number], digest, (flags or {}).get(number, ""), *cells])
    known = {
        "size_mb": 6.3,
        "metrics_sha256": "m1",
        "answers_sha256": hashlib.sha256(str(scores).encode()).hexdigest(),
    } | details
    (folder / f"{variant}.json").write_text(json.dumps(known))
    path = folder.parent / "speed.json"
    speed = json.loads(path.read_text()) if path.exists() else {"train": {"seconds": 72.0}}
    speed[f"generate {variant}"] = {"result": known["answers_sha256"], "answers_per_second": 400.0}
    path.write_text(json.dumps(speed))


def write_judgments(repeats: np.ndarray, judge: str = "judge") -> None:
    """Write the judgments of the unquantized variant: scores float64 [repeats, questions]."""
    lines = ["id\tjudge\trepeat\tscore\treason\trule"]
    for number, identity in enumerate(IDS):
        for repeat, score in enumerate(repeats[:, number]):
            cells = ("", "no_score") if np.isnan(score) else (f"{score:.4f}", "")
            lines.append("\t".join([identity, judge, str(repeat), *cells, ""]))
    Path("metrics/details/eval/unquantized.judgments.tsv").write_text("\n".join(lines) + "\n")


def write_lock(
    outputs: dict[str, str] | None = None,
    questions: str = "q1",
    method: str = "ft",
    prompts: str = "j1",
    parser: str = "p1",
    math: str = "numeric_match",
) -> None:
    """Write dvc.lock; `outputs` gives outputs other hashes than made-up ones, `math` is the metric of that category."""
    made = {"models/pretrained": "p.dir", "models/trained": f"{method}.dir"} | (outputs or {})
    stages = {
        "pretrain": stage(["models/pretrained"], {}, made),
        "train": stage(["models/trained"], {"models/pretrained": made["models/pretrained"]}, made, method),
    }
    for variant in ("unquantized", "gptq-int4"):
        answers, table = f"eval/{variant}", f"metrics/details/eval/{variant}.answers.tsv"
        made.setdefault(answers, f"{method}.dir")
        asked = {"data/eval/questions.jsonl": questions, "models/trained": made["models/trained"]}
        stages |= {
            f"generate {variant}": stage([answers], asked, made),
            f"judge {variant}": stage([f"eval/judgments/{variant}"], {"data/eval/judge_prompts.json": prompts}, made),
            f"score {variant}": stage([table], {answers: made[answers], "src/belle/judge/parse.py": parser}, made),
        }
        stages[f"score {variant}"]["params"] = {"configs/eval/mini.yaml": {"metrics": {"math": math}}}
    YAML().dump({"schema": "2.0", "stages": stages}, Path("dvc.lock"))


def stage(outs: list[str], deps: dict[str, str], made: dict[str, str], method: str | None = None) -> dict[str, Any]:
    """Return a stage of dvc.lock."""
    return {
        "cmd": "true",
        "deps": [{"path": path, "hash": "md5", "md5": md5} for path, md5 in deps.items()],
        "outs": [{"path": path, "hash": "md5", "md5": made.get(path, "made")} for path in outs],
        "params": {"params.yaml": {"train.method": method}} if method else {},
    }


def cache(files: dict[str, bytes]) -> str:
    """Put a directory into DVC's cache; return its hash."""
    entries = [{"md5": cached(content), "relpath": name} for name, content in sorted(files.items())]
    return cached(json.dumps(entries).encode(), ".dir")


def cached(content: bytes, end: str = "") -> str:
    """Put a file into DVC's cache; return its hash."""
    md5 = hashlib.md5(content).hexdigest() + end
    path = Path(".dvc/cache/files/md5", md5[:2], md5[2:])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5
