"""Does the mini default separate choices? Run each choice as an experiment and print their scores side by side.

    python benchmarks/separation.py

Takes a few minutes per experiment; `dvc exp show` keeps them under the names below. The workspace is restored after
each.
"""

import json
import subprocess
import time
from pathlib import Path

CHOICES = {
    "ft": [],
    "base": ["checkpoint=pretrained"],
    "lora": ["train.method=lora"],
    "half-data": ["tokenize.train_conversations=HALF"],
    "noisy-teacher": ["data.sources=[mini-noisy]"],
}
SCORE = Path("metrics/details/eval/unquantized.json")


def main() -> None:
    if subprocess.check_output(["git", "status", "--porcelain"]):
        raise SystemExit("commit or stash your changes first: every experiment ends with `git checkout .`")
    half = json.loads(Path("metrics/details/tokenize.json").read_text(encoding="utf-8"))["conversations"] // 2
    lines = []
    for name, overrides in CHOICES.items():
        # quantized variants say nothing about these choices
        chosen = [*overrides, "quantize.schemes=[]"]
        flags = [word for one in chosen for word in ("-S", one.replace("HALF", str(half)))]
        start = time.perf_counter()
        subprocess.run(["dvc", "exp", "remove", "-q", name], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["dvc", "exp", "run", "-n", name, *flags], check=True)
        seconds = time.perf_counter() - start
        lines.append(line(name, seconds))
        subprocess.run(["git", "checkout", "-q", "."], check=True)
        subprocess.run(["dvc", "checkout", "-q"], check=True)
    print("| choice | score | 95 % interval | without others | seconds |\n|---|---|---|---|---|")
    print("\n".join(lines))


def line(name: str, seconds: float) -> str:
    """One row of the table, from the metrics that the experiment left in the workspace."""
    scores = json.loads(SCORE.read_text(encoding="utf-8"))["scorers"]["metrics"]
    interval = f"{scores['ci_low']:.3f} to {scores['ci_high']:.3f}"
    return f"| {name} | {scores['score']:.3f} | {interval} | {scores['score_without_others']:.3f} | {seconds:.0f} |"


if __name__ == "__main__":
    main()
