"""How long GPTQ takes without a GPU, said before it starts."""

SECONDS_PER_WEIGHT, SECONDS_PER_WEIGHT_AND_TOKEN = 1e-6, 1e-10
WORTH_SAYING_SECONDS = 600


def slow_notice(weights: int, tokens: int) -> str | None:
    """Return one line that says how long GPTQ on one thread takes and what to do; None for less than ten minutes.

    An estimate, to the factor of two. Measured in processor time on one core of an AMD EPYC, for 4-bit groups of 32,
    in microseconds per weight after 4,157, 16,234 and 65,542 calibration tokens: 0.9, 2.1 and 6.0 in a block that is
    1024 wide; 1.0 for the first of these 2048 wide. The mini model, too small to compute at full speed, takes 1.8,
    4.4 and 16.

    Args:
        weights: in the linear layers to quantize.
        tokens: of all calibration samples.
    """
    seconds = weights * (SECONDS_PER_WEIGHT + SECONDS_PER_WEIGHT_AND_TOKEN * tokens)
    if seconds < WORTH_SAYING_SECONDS:
        return None
    hours = seconds / 3600
    time = f"{seconds / 60:.0f} minutes" if hours < 2 else f"{hours:.0f} hours"
    return (
        f"note: without a GPU, GPTQ computes on one thread, so that every run gives the same bytes: about {time} for "
        "this model; to save them, use a machine with a GPU, or take gptq out of quantize.schemes in params.yaml"
    )
