"""`belle report` of many answers, and the page in a browser: `python benchmarks/report.py [--questions N]`.

A made-up workspace as the stages leave it: every system has scores by rule and by a judge, with the judge's replies.
Measured are the command as a whole, and in a headless Chromium from the address to the first row of the list, and the
time that keys take (the press, Preact's work, and the layout that the next frame needs).
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from belle.config.endpoint import EndpointProfile
from belle.config.judging import Judging
from belle.environment import environment
from belle.evaluate.answers import Answer
from belle.judge.ask import Judge, message_about

ROOT = Path(__file__).resolve().parents[1]
CATEGORIES = ("math", "code", "classification", "extract", "open qa", "closed qa", "generation", "rewrite")
WORDS = [
    "今天",
    "天气",
    "很好",
    "我们",
    "一起",
    "去",
    "公园",
    "散步",
    "学习",
    "数学",
    "苹果",
    "是",
    "红色",
    "的",
    "。",
    "，",
    "因为",
    "所以",
    "大家",
    "喜欢",
    "计算",
    "结果",
    "等于",
    "42",
]
PROMPT = "假设你是一个老师，请根据参考答案给模型回答打分，满分 1 分，最低 0 分，按格式“得分：”输出。"
PROMPTS = dict.fromkeys(CATEGORIES, PROMPT)
JUDGING = {
    "judges": {
        "judge": {
            "endpoint": "made-up",
            "model": {"model": "made-up-2026-01-01", "token_limit": "max_tokens"},
            "prices": None,
            "structured": "none",
        }
    },
    "params": {
        "repeats": 1, "temperature": 0.0, "max_tokens": 3000, "output": "text", "ask_again": True, "anchors": 0,
        "anchor_round": 0,
    },
}  # fmt: skip
KEYS = {"j": 60, "d": 20, "s": 10, "2": 20, "p": 20, "l": 10}
"""How often each key is pressed."""
PRESS = """(key) => {
    const start = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
    document.body.getBoundingClientRect();
    return performance.now() - start;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--systems", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workspace(folder, options.systems, options.questions)
        found = measure_command(folder, options.rounds)
        found |= measure_page(folder / "report.html", options.rounds)
    print(json.dumps(found, indent=2))
    if options.out:
        options.out.write_text(json.dumps(found | {"environment": environment()}, indent=2) + "\n", encoding="utf-8")


def write_workspace(folder: Path, systems: int, questions: int) -> None:
    """Write answers of about 330 characters, scores, and one reply of a judge to each."""
    choice = random.Random(0)
    outputs = []
    for system in range(systems):
        variant = "unquantized" if system == 0 else f"gptq-int{system}"
        answers = [answer(choice, number) for number in range(questions)]
        write_lines(folder / "eval" / variant / "answers.jsonl", map(json.dumps, answers))
        scores = [(choice.random() < 0.5 + 0.05 * system, choice.randint(0, 10) / 10) for _ in answers]
        lines = [
            f"{one['id']}\t{one['category']}\t{sha256(one['answer'])[:16]}\t\t{rule:.4f}\t{judge:.4f}"
            for one, (rule, judge) in zip(answers, scores, strict=True)
        ]
        details = folder / "metrics" / "details" / "eval"
        write_lines(details / f"{variant}.answers.tsv", ["id\tcategory\tanswer\tflags\tmetrics\tjudge", *lines])
        write_lines(details / f"{variant}.json", [json.dumps({"size_mb": 6.3 / (system + 1)})])
        outputs.append({"path": f"eval/judgments/{variant}", "md5": "0.dir"})
        write_judgments(folder / "eval" / "judgments" / variant, answers, [judge for _, judge in scores])
    write_lines(folder / "data" / "eval" / "judge_prompts.json", [json.dumps(PROMPTS)])
    write_lines(folder / "data" / "check" / "judge.json", [json.dumps({"judging": JUDGING})])
    write_lines(folder / "dvc.lock", [json.dumps({"stages": {"judge": {"outs": outputs}}})])
    write_lines(folder / "params.yaml", ["seed: 42"])


def answer(choice: random.Random, number: int) -> dict[str, Any]:
    """Return a line of answers.jsonl; the question depends on its number alone."""
    return {
        "id": f"q{number}",
        "question": f"第{number}题：{'请说明理由。' * (number % 20 + 1)}",
        "category": CATEGORIES[number % len(CATEGORIES)],
        "reference": "参考答案是这样的。" * (number % 10),
        "answer": "".join(choice.choices(WORDS, k=choice.randint(1, 400))),
        "tokens": 200,
        "stop": "eos",
    }


def write_judgments(folder: Path, answers: list[dict[str, Any]], scores: list[float]) -> None:
    profile = EndpointProfile.model_construct(structured="none")
    judge = Judge.of(Judging.model_validate(JUDGING), "judge", profile, None)
    keys = [judge.request(message_about(Answer(**one), PROMPTS)).key for one in answers]
    asked = [
        {"id": one["id"], "judge": "judge", "repeat": 0, "attempt": 0, "key": key}
        for one, key in zip(answers, keys, strict=True)
    ]
    facts = {"finish_reason": "stop", "refusal": None, "model": "m", "fingerprint": None}
    facts |= {"input_tokens": None, "output_tokens": None}
    replies = [
        {"id": key, "reply": facts | {"text": f"得分：{score}\n{'理由是回答基本正确。' * 8}"}}
        for key, score in sorted(zip(keys, scores, strict=True))
    ]
    write_lines(folder / "judgments.jsonl", map(json.dumps, asked))
    write_lines(folder / "replies.jsonl", map(json.dumps, replies))
    write_lines(folder / "judges.json", ["{}"])


def write_lines(path: Path, lines: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def measure_command(folder: Path, rounds: int) -> dict[str, Any]:
    """Return seconds of `belle report` as a whole process, by the clock and of the processor, each round."""
    seconds, processor = [], []
    for _ in range(rounds):
        start, before = time.perf_counter(), os.times()
        command = [sys.executable, "-m", "belle.cli", "report"]
        subprocess.run(command, cwd=folder, check=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
        after = os.times()
        seconds.append(round(time.perf_counter() - start, 2))
        used = after.children_user + after.children_system - before.children_user - before.children_system
        processor.append(round(used, 2))
    size = (folder / "report.html").stat().st_size
    return {
        "command_seconds": seconds,
        "command_processor_seconds": processor,
        "page_mb": round(size / 1e6, 1),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def measure_page(path: Path, rounds: int) -> dict[str, Any]:
    """Return milliseconds to the first row and per key, nothing where there is no Chromium."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        return {}
    from playwright.sync_api import sync_playwright

    first_row, keys = [], {key: [] for key in KEYS}  # type: tuple[list[float], dict[str, list[float]]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{path.as_uri()}#view=questions", wait_until="commit")
            page.locator(".row").first.wait_for()
            first_row.append(page.evaluate("performance.now()"))
            for key, times in KEYS.items():
                keys[key] += [page.evaluate(PRESS, key) for _ in range(times)]
            page.close()
        browser.close()
    return {
        "first_row_ms": [round(one) for one in first_row],
        "key_ms": {
            key: {"median": round(statistics.median(found), 1), "largest": round(max(found), 1)}
            for key, found in keys.items()
        },
    }


if __name__ == "__main__":
    main()
