"""Cross-section checks of where models, data and evaluation sets come from: pinned, or tracked by dvc."""

from collections.abc import Iterator

from belle.config.base import CONFIGS
from belle.config.data import DataParams, DataProfile
from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.config.inputs import problem_of
from belle.config.model import ModelParams, ModelProfile
from belle.config.source import DataSource


def pinned_model(model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    """Refuse a hub model without a commit, unless params.yaml allows it."""
    yield from _pinned("model", model.profile, model_profile.source, model.allow_unpinned)


def pinned_data(data: DataParams, data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    """Refuse hub data without a commit, unless params.yaml allows it."""
    for name, profile in data_profiles.items():
        yield from _pinned("data", name, profile.source, data.allow_unpinned)


def local_sources(
    model: ModelParams,
    model_profile: ModelProfile,
    data_profiles: dict[str, DataProfile],
    evaluate: EvaluateParams,
    evaluation_set: EvalProfile,
) -> Iterator[str]:
    """Yield one line for each profile whose local source could change without dvc noticing."""
    used = [
        ("model.profile", f"model/{model.profile}", model_profile.source),
        ("evaluate.set", f"eval/{evaluate.set}", evaluation_set.source),
        *(("data.sources", f"data/{name}", profile.source) for name, profile in data_profiles.items()),
    ]
    for key, name, source in used:
        if source.kind == "path" and (problem := problem_of(source.path)):
            yield f"{key}: {CONFIGS / name}.yaml: source.path: {problem}"


def _pinned(section: str, name: str, source: DataSource, allowed: bool) -> Iterator[str]:
    if source.kind == "hub" and source.revision is None and not allowed:
        kind = "datasets/" if section == "data" else ""
        yield (
            f"{section}.allow_unpinned: {CONFIGS / section / name}.yaml pins no revision of {source.repo}; write a "
            f"commit of https://huggingface.co/{kind}{source.repo}/commits/main as source.revision there, or set this "
            "to true and lose repeatability"
        )
