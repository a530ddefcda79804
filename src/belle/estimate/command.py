"""`belle estimate`: show what an experiment needs, refuse what cannot fit, and say what would."""

from collections.abc import Sequence

from rich.console import Console

from belle.errors import UserError
from belle.estimate.estimate import Assumptions, estimate
from belle.estimate.show import refusal, show
from belle.estimate.suggest import suggestions


def run_estimate(
    overrides: Sequence[str], tokens_per_row: int, tflops: float | None, price_per_hour: float | None, force: bool
) -> None:
    """Print the estimate of the experiment in params.yaml.

    Args:
        overrides: changes of params.yaml, as in `train.method=lora`.
        tokens_per_row: of data that is not here.
        tflops: 10^12 operations per second of one device, None for the measured ones.
        price_per_hour: of a node.
        force: refuse nothing.

    Raises:
        UserError: the configuration is wrong, or a stage does not fit and `force` is not set.
    """
    assumptions, console = Assumptions(tokens_per_row, tflops, price_per_hour), Console()
    found = estimate(overrides, assumptions)
    show(found, console)
    if not (too_large := found.too_large()):
        return
    if fitting := suggestions(found, overrides, assumptions):
        console.print("it fits with one of:", *(f"  {line}" for line in fitting), sep="\n", highlight=False)
    else:
        console.print("no profile of configs/hardware/ and no method makes it fit")
    if not force:
        raise UserError("\n".join(refusal(found, name) for name in too_large))
