"""Have a language model write conversations (self-instruct): data/generated, without rows when the stage is off."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile
from belle.config.downloads import read_download
from belle.config.endpoint import EndpointProfile
from belle.config.generate_data import GenerateDataParams
from belle.config.generation import PlannedGeneration
from belle.endpoints.earlier import keep_earlier_replies
from belle.files import fresh_directory
from belle.generate_data.outputs import REPLIES, write_nothing

TARGET = Path("data/generated")


def main() -> None:
    generation = read_download("generate_data", PlannedGeneration).generation
    with fresh_directory(TARGET) as out:
        keep_earlier_replies(TARGET, REPLIES, are_needed=generation is not None)
        if generation is None:
            return write_nothing(out)
        from belle.endpoints.store import ReplyStore
        from belle.generate_data.generate import generate_data

        profile = load_profile(EndpointProfile, "endpoint", generation.endpoint)
        budget = load_params(GenerateDataParams, "generate_data").budget
        with ReplyStore() as store:
            generate_data(generation, profile, budget, store, out)


if __name__ == "__main__":
    run_stage(main)
