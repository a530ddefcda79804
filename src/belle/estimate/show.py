"""Print an estimate as tables, or as the one line by which a run is refused."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from belle.estimate.estimate import Estimate, StageEstimate


def show(found: Estimate, console: Console) -> None:
    """Print sizes, memory per device, time and disk."""
    size = found.size
    console.print(f"{found.model}: {size.parameters:,} parameters; hardware {found.hardware}")
    for name, stage in found.stages.items():
        trained = stage.trained
        share = trained.weights / size.parameters
        console.print(f"{name}: {trained.weights:,} trained ({share:.2%}), {trained.name}")
    if found.stages:
        console.print(_memory(found), _work(found))
        for line in _notes(found):
            console.print(line, highlight=False)
    else:
        console.print("nothing is trained")
    console.print(_disk(found))
    console.print(f"free on this disk: {gigabytes(shutil.disk_usage(Path.cwd()).free)}")


def refusal(found: Estimate, name: str) -> str:
    """Return why a stage cannot run, with the arithmetic, in one line."""
    memory = found.stages[name].memory
    parts = " + ".join(f"{part} {value / 1e9:.2f}" for part, value in memory.parts.items() if value >= 5e6)
    return (
        f"{name}: {gigabytes(memory.total)} per device ({parts}) are more than the {gigabytes(found.available)} of the "
        f"hardware profile {found.hardware}; --force ends with exit code 0 all the same"
    )


def gigabytes(value: float) -> str:
    """Return bytes in GB of 10^9, or in MB below a tenth of that."""
    return f"{value / 1e9:.1f} GB" if value >= 1e8 else f"{value / 1e6:.1f} MB"


def _memory(found: Estimate) -> Table:
    table = _table("memory per device", found.stages)
    for part in next(iter(found.stages.values())).memory.parts:
        values = [stage.memory.parts[part] for stage in found.stages.values()]
        if any(values):
            table.add_row(part, *map(gigabytes, values))
    table.add_section()
    table.add_row("sum", *(gigabytes(stage.memory.total) for stage in found.stages.values()))
    table.add_row("available", *(gigabytes(found.available) for _ in found.stages))
    if any(stage.memory.host for stage in found.stages.values()):
        table.add_row("main memory of a node", *(gigabytes(stage.memory.host) for stage in found.stages.values()))
    table.add_row("highest at", *(stage.memory.moment for stage in found.stages.values()))
    table.add_row("micro-batch", *(_micro_batch(stage) for stage in found.stages.values()))
    return table


def _micro_batch(stage: StageEstimate) -> str:
    training = stage.training
    return f"{training.micro_batch} x {training.length} tokens, {training.accumulation} per step"


def _work(found: Estimate) -> Table:
    table = _table("work", found.stages)
    works = [stage.work for stage in found.stages.values()]
    table.add_row("steps", *(_number(work.steps) for work in works))
    table.add_row("tokens", *(_number(work.tokens) for work in works))
    table.add_row("time", *(_duration(work.seconds) for work in works))
    if any(work.cost is not None for work in works):
        table.add_row("cost", *("unknown" if work.cost is None else f"{work.cost:,.2f}" for work in works))
    return table


def _notes(found: Estimate) -> Iterable[str]:
    for name, stage in found.stages.items():
        yield f"{name}: data: {stage.tokens.source}"
    if found.rate is None:
        yield "time: unknown: nothing was measured on such a device; --tflops gives its speed"
    else:
        yield f"time: at {found.rate / 1e12:.3g} x 10^12 operations per second and device, all else left out"


def _disk(found: Estimate) -> Table:
    table = _table("disk", ["bytes"])
    for path, value in found.disk.items():
        table.add_row(path, gigabytes(value))
    table.add_section()
    table.add_row("sum", gigabytes(sum(found.disk.values())))
    return table


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, hours = seconds / 60, seconds / 3600
    return f"{minutes:.0f} min" if minutes < 100 else f"{hours:,.0f} h"
