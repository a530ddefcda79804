"""Cross-section checks of self-instruct: its endpoint, its budget, its seed tasks, and who uses what it writes."""

from collections.abc import Iterator

from belle.config.base import CONFIGS
from belle.config.data import DataProfile
from belle.config.endpoint import EndpointProfile
from belle.config.endpoint_checks import endpoint_problems
from belle.config.generate_data import GenerateDataParams
from belle.config.inputs import problem_of


def generated_sources(generate_data: GenerateDataParams, data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    """Refuse a source of generated conversations while none are generated, and one in another format than theirs."""
    for name, profile in data_profiles.items():
        if profile.source.kind != "generated":
            continue
        if not generate_data.enabled:
            yield f"data.sources: {name} is what generate_data writes; set generate_data.enabled to true"
        if profile.format != "openai":
            yield f"data.sources: {CONFIGS}/data/{name}.yaml: format: generated conversations have the format openai"


def asked_for_something(generate_data: GenerateDataParams) -> Iterator[str]:
    """Refuse a stage that is on and asks for nothing, or that would read seed tasks which dvc does not track."""
    if not generate_data.enabled:
        return
    if generate_data.requests == generate_data.dialogues == 0:
        yield "generate_data.requests: nothing is asked for; set this or generate_data.dialogues"
    if generate_data.seed_tasks is not None and (problem := problem_of(generate_data.seed_tasks)):
        yield f"generate_data.seed_tasks: {problem}"


def usable_endpoint(generate_data: GenerateDataParams, endpoint_profile: EndpointProfile) -> Iterator[str]:
    """Refuse an endpoint that `endpoint_problems` refuses."""
    if generate_data.enabled:
        key, name = "generate_data.endpoint", generate_data.endpoint
        yield from endpoint_problems(key, name, endpoint_profile, "generate_data.budget", generate_data.budget)
