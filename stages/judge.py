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
from belle.errors import UserError
from belle.files import fresh_directory
from belle.judge.judgments import REPLIES, was_judged, write_nothing


def import_replies(target: Path, are_needed: bool) -> None:
    """Keep the replies that dvc.lock still knows of; without a judge it is about to forget them."""
    from belle.endpoints.earlier import import_earlier
    from belle.endpoints.store import ReplyStore

    try:
        with ReplyStore() as store:
            import_earlier(target, REPLIES, store)
    except UserError as error:
        if are_needed:
            raise
        print(f"note: {error}", file=sys.stderr)


def main() -> None:
    variant = sys.argv[1]
    judging, target = read_download("judge", PlannedJudging).judging, Path("eval/judgments") / variant
    with fresh_directory(target) as out:
        if judging is not None or was_judged(target):
            import_replies(target, are_needed=judging is not None)
        if judging is None:
            return write_nothing(out)
        from belle.endpoints.store import ReplyStore
        from belle.judge.judge import judge_variant
        from belle.judge.material import read_material

        profiles = {
            name: load_profile(EndpointProfile, "endpoint", judge.endpoint) for name, judge in judging.judges.items()
        }
        budget = load_params(JudgeParams, "evaluate.judge").budget
        judge_variant(judging, profiles, budget, read_material(variant), ReplyStore, out)


if __name__ == "__main__":
    run_stage(main)
