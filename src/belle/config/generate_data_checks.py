"""Cross-section checks of self-instruct: its endpoint, its budget, its seed tasks, and who uses what it writes."""

from collections.abc import Iterator

from belle.config.base import CONFIGS
from belle.config.data import DataProfile
from belle.config.endpoint import EndpointProfile
from belle.config.generate_data import GenerateDataParams
from belle.config.inputs import problem_of
from belle.config.prices import price_problem


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
    """Refuse a model that may change unnoticed, and an unknown price where tokens have no limit or money has one."""
    if not generate_data.enabled:
        return
    file = f"{CONFIGS}/endpoint/{generate_data.endpoint}.yaml"
    if not (endpoint_profile.is_dated or endpoint_profile.allow_undated):
        yield (
            f"generate_data.endpoint: {file}: model: {endpoint_profile.model} has no date, so it may mean another "
            "model tomorrow; name a dated snapshot, or set allow_undated to true there"
        )
    budget = generate_data.budget
    endpoint, key = generate_data.endpoint, "generate_data.budget"
    if problem := price_problem(endpoint, endpoint_profile, budget.tokens, budget.money, key):
        yield problem
