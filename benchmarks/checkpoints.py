"""The time that checkpoints cost: a model of estimate.py trained on a CPU, at the default interval and without one.

At the default interval of the hardware profile the clock decides when a checkpoint is written; with an interval of 0
the rule that they take at most 5 % of the time does. Each run is made long enough, by the seconds of a short one. The
time of saving is taken here, around all that a checkpoint does until training goes on, not by the callback.

Run: OMP_NUM_THREADS=1 .venv/bin/python benchmarks/checkpoints.py [--size 30M] [--minutes 21] [--limit-minutes 8]
         [--out RESULT.json]
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from belle.environment import environment
from belle.train.checkpoint_callback import MOST_OF_THE_TIME
from belle.train.packed_trainer import PackedTrainer
from estimate import Case, hardware_profile, model_profile, prepared, train_params

SHORT_STEPS = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="30M", help="of the model, as in estimate.py")
    parser.add_argument("--minutes", type=float, default=21, help="of the run at the default interval")
    parser.add_argument("--limit-minutes", type=float, default=8, help="of the run without an interval")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    case = Case(options.size, "ft", 512)
    # twice: the first one warms up
    train(case, SHORT_STEPS, 600)
    step = train(case, SHORT_STEPS, 600)["seconds"] / SHORT_STEPS
    results = [
        train(case, max(1, int(minutes * 60 / step)), interval)
        for minutes, interval in ((options.limit_minutes, 0.0), (options.minutes, default_interval()))
    ]
    report = {
        "model": case.size, "tokens_per_step": case.length * case.micro_batch, "most_of_the_time": MOST_OF_THE_TIME,
        "runs": results, "environment": environment(),
    }  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def default_interval() -> float:
    """Return `checkpoint_minutes` of the hardware profile `cpu`."""
    from belle.config.base import load_profile
    from belle.config.hardware import HardwareProfile

    return load_profile(HardwareProfile, "hardware", "cpu").checkpoint_minutes


def train(case: Case, steps: int, interval: float) -> dict[str, Any]:
    """Train so many steps with checkpoints at an interval in minutes; return what they took."""
    hardware = hardware_profile(case).model_copy(update={"checkpoint_minutes": interval})
    with prepared(case, model_profile(case), train_params(case), hardware, steps) as run, timed_saves() as saves:
        start, processor = time.perf_counter(), time.process_time()
        run()
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
    saving, saving_processor, sizes = (sum(save[index] for save in saves) for index in range(3))
    result = {
        "checkpoint_minutes": interval, "steps": steps, "seconds": round(seconds, 1), "checkpoints": len(saves),
        "seconds_saving": round(saving, 2), "share_saving": round(saving / seconds, 4),
        "longest_seconds": round(max((save[0] for save in saves), default=0), 2),
        "processor_seconds": round(processor, 1), "processor_seconds_saving": round(saving_processor, 2),
        "mb_per_checkpoint": round(sizes / 1e6 / max(1, len(saves)), 1),
    }  # fmt: skip
    print(json.dumps(result), flush=True)
    return result


@contextmanager
def timed_saves() -> Iterator[list[tuple[float, float, int]]]:
    """Yield a list that gets the seconds, processor seconds and bytes of every checkpoint."""
    saves: list[tuple[float, float, int]] = []
    save = PackedTrainer._save_checkpoint

    def timed(trainer: PackedTrainer, *arguments: Any) -> None:
        start, processor = time.perf_counter(), time.process_time()
        save(trainer, *arguments)
        took = time.perf_counter() - start, time.process_time() - processor
        files = (path for path in Path(trainer.args.output_dir).rglob("*") if path.is_file())
        saves.append((*took, sum(path.stat().st_size for path in files)))

    with patch.object(PackedTrainer, "_save_checkpoint", timed):
        yield saves


if __name__ == "__main__":
    main()
