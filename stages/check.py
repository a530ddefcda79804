"""Check the whole configuration before anything else runs; data/check says what the downloads depend on."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import PARAMS, read_yaml
from belle.config.downloads import FOLDER
from belle.config.write_downloads import write_downloads
from belle.endpoints.missing_keys import missing_keys
from belle.files import fresh_directory


def main() -> None:
    # run_stage has checked it
    with fresh_directory(FOLDER) as out:
        write_downloads(out)
    for line in missing_keys(read_yaml(PARAMS)):
        print(f"note: {line}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main)
