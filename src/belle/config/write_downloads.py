"""Write data/check: what the downloads of the experiment in params.yaml depend on, and the licenses of all of them."""

from pathlib import Path
from typing import Any, TypeVar

from belle.config.base import Section, load_params, load_profile, read_value
from belle.config.data import DataDownload, DataParams, DataProfile
from belle.config.downloads import Download, Downloads
from belle.config.evaluation_set import EvalProfile
from belle.config.generation import planned_generation
from belle.config.inputs import tracked_hash
from belle.config.judging import planned_judging
from belle.config.mixture import Mixture, mixture_parts
from belle.config.model import ModelDownload, ModelProfile
from belle.config.question_source import EvalDownload
from belle.files import write_json

Profile = ModelProfile | DataProfile | EvalProfile
D = TypeVar("D", bound=Section)


def write_downloads(folder: Path) -> None:
    """Write one JSON file for each download, generate_data, judge and tokenize: its inputs; and `licenses.json`.

    `mixture.json` says which of the conversations are trained on: another number of them downloads and cleans nothing.
    `licenses.json` is for the data card: license and homepage of each profile in use.

    Raises:
        UserError: a profile is missing or wrong, or dvc does not track a local source.
    """
    model_name, set_name = read_value("model.profile", str), read_value("evaluate.set", str)
    model, questions = load_profile(ModelProfile, "model", model_name), load_profile(EvalProfile, "eval", set_name)
    data = load_params(DataParams, "data")
    mixture = Mixture(parts=mixture_parts(data.sources))
    conversations = {part.source: load_profile(DataProfile, "data", part.source) for part in mixture.parts}
    is_used = any(read_value(f"{stage}.enabled", bool) for stage in ("extend_vocab", "pretrain"))
    used = data.texts.sources if is_used else []
    texts = {name: load_profile(DataProfile, "data", name) for name in used}
    written: dict[str, Section] = {
        "model": _download(ModelDownload, model_name, model),
        "eval": _download(EvalDownload, set_name, questions),
        "conversations": _downloads(conversations, data.limit, data.max_malformed),
        "generate_data": planned_generation(),
        "judge": planned_judging(),
        "mixture": mixture,
        "texts": _downloads(texts, data.texts.limit, data.max_malformed),
    }
    for name, content in written.items():
        write_json(folder / f"{name}.json", content.model_dump(mode="json"))
    data_profiles = {f"data/{name}": profile for name, profile in (conversations | texts).items()}
    profiles: dict[str, Profile] = {f"model/{model_name}": model, f"eval/{set_name}": questions, **data_profiles}
    write_json(folder / "licenses.json", {name: _license(profile) for name, profile in profiles.items()})


def _downloads(profiles: dict[str, DataProfile], limit: int | None, max_malformed: int) -> Downloads[DataDownload]:
    if not profiles:
        # no setting matters to an empty table
        return Downloads[DataDownload](limit=None, max_malformed=0, sources=[])
    sources = [_download(DataDownload, name, profile) for name, profile in profiles.items()]
    return Downloads[DataDownload](limit=limit, max_malformed=max_malformed, sources=sources)


def _download(kind: type[D], name: str, profile: Profile) -> Download[D]:
    """Return the keys of a profile that its `kind` has."""
    part = kind.model_validate(profile.model_dump(include=set(kind.model_fields)))
    tracked = tracked_hash(profile.source.path) if profile.source.kind == "path" else None
    return Download[kind](name=name, profile=part, tracked=tracked)  # type: ignore[valid-type]


def _license(profile: Profile) -> dict[str, Any]:
    return profile.model_dump(include={"license", "homepage"})
