"""Generate the answers of one variant, the argument (`unquantized` or a quantization scheme): eval/VARIANT."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.config.base import load_params, load_profile, read_value
from belle.config.decoding import DecodingProfile
from belle.config.endpoint import EndpointProfile
from belle.config.generate import GenerateParams
from belle.gpu_lease import lease_one_gpu
from belle.libraries.block_imports import block_imports


def main() -> None:
    variant = sys.argv[1]
    block_imports("torchao", "deepspeed")
    if not variant.startswith("gptq"):
        block_imports("gptqmodel")
    if variant != "unquantized" or read_value("evaluate.generate.engine", str) == "local":
        lease_one_gpu()  # a server computes elsewhere
    from belle.data.questions import read_questions
    from belle.evaluate.answers import UNQUANTIZED
    from belle.evaluate.generate import generate_quantized, generate_served, generate_unquantized
    from belle.evaluate.task import Task

    checkpoint = Path("models") / read_value("checkpoint", str)
    params = load_params(GenerateParams, "evaluate.generate")
    questions = read_questions(Path("data/eval/questions.jsonl"), read_value("evaluate", dict)["limit"])
    profile = load_profile(DecodingProfile, "decoding", params.decoding)
    task = Task.prepare(checkpoint, questions, params, profile)
    target = Path("eval") / variant
    if variant != UNQUANTIZED:
        generate_quantized(variant, Path("models/quantized") / variant, task, Path("eval") / UNQUANTIZED, target)
    elif params.engine == "endpoint":
        generate_served(task, load_profile(EndpointProfile, "endpoint", str(params.endpoint)), target)
    else:
        generate_unquantized(task, target)


if __name__ == "__main__":
    run_stage(main)
