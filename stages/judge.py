"""Have language models grade the answers of one variant, the argument: eval/judgments/VARIANT."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile
from belle.config.downloads import read_download
from belle.config.endpoint import EndpointProfile
from belle.config.judge import JudgeParams
from belle.config.judging import PlannedJudging
from belle.endpoints.earlier import import_beside, keep_earlier_replies
from belle.files import fresh_directory
from belle.judge.judgments import REPLIES, write_nothing


def main() -> None:
    variant = sys.argv[1]
    judging, target = read_download("judge", PlannedJudging).judging, Path("eval/judgments") / variant
    with fresh_directory(target) as out:
        keep_earlier_replies(target, REPLIES, are_needed=judging is not None)
        if judging is None:
            return write_nothing(out)
        from belle.endpoints.store import ReplyStore
        from belle.judge.judge import judge_variant
        from belle.judge.material import read_material

        profiles = {
            name: load_profile(EndpointProfile, "endpoint", judge.endpoint) for name, judge in judging.judges.items()
        }
        budget = load_params(JudgeParams, "evaluate.judge").budget
        with ReplyStore() as store:
            import_beside(target, REPLIES, store)
        judge_variant(judging, profiles, budget, read_material(variant), ReplyStore, out)


if __name__ == "__main__":
    run_stage(main)
