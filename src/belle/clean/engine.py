"""Where Daft runs: in this process, or on a Ray cluster."""


def start_engine(engine: str) -> None:
    """Have Daft run where `clean.engine` says."""
