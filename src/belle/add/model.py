"""`belle add model`: a model folder or a hub repository."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.add.model_facts import ModelFacts, read_facts
from belle.add.options import Given, Options
from belle.add.origin import Origin, downloaded, find_origin
from belle.add.profile import input_path, profile_path, save
from belle.add.show import say_next
from belle.config.model import ModelProfile, TemplateName
from belle.download.model_check import PARTS
from belle.errors import UserError

DESCRIPTIONS = ("*.json", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt")
"""Files that say what a model and its tokenizer are; small, beside the weights."""


def add_model(text: str, given: Given, template: TemplateName | None = None) -> None:
    """Show what a model is and how its template reads, and write configs/model/NAME.yaml.

    Args:
        text: a folder, or the name of a hub repository.
        given: options of every kind.
        template: chat template to store with the model; otherwise its tokenizer's own, or BELLE's where it has none.

    Raises:
        UserError: it is no Hugging Face model of a known architecture, the license is missing, or the profile is there
            already.
    """
    origin = find_origin(text, "model")
    options, name = Options(origin, given), given.name or origin.name
    path, patterns = profile_path("model", name, given.force), _patterns(origin)
    place = input_path(origin.path, name, given.force) if origin.path else None
    with _descriptions(origin, patterns) as folder:
        license_and_homepage = options.license_and_homepage(_card_license(folder / "README.md"))
        options.refuse_missing()
        facts = read_facts(folder, text, template)
    _show(facts)
    values = {"source": origin.source(place, patterns), **license_and_homepage, **facts.profile()}
    save(path, ModelProfile, values, origin.path)
    say_next(path, place, f"model.profile={name}")


def _patterns(origin: Origin) -> list[str]:
    """Return patterns of the files that a model needs, each of which names one; safetensors go before `*.bin`.

    Raises:
        UserError: there is no config.json, no tokenizer or no weights.
    """
    names = [name for name in origin.names if "/" not in name]
    needed = {"config.json": ("config.json",), **PARTS}
    found = {part: _matching(names, patterns) for part, patterns in needed.items()}
    if missing := [part for part, patterns in found.items() if not patterns]:
        by_hand = "; write the profile of an encrypted model by hand (docs/decrypt.md)"
        hint = by_hand if _matching(names, ("*.enc",)) else ""
        raise UserError(f"{origin.text}: no Hugging Face model, it has no {', no '.join(missing)}{hint}")
    return [*_matching(names, DESCRIPTIONS), found["weights"][0]]


def _matching(names: list[str], patterns: tuple[str, ...]) -> list[str]:
    return [pattern for pattern in patterns if any(fnmatchcase(name, pattern) for name in names)]


@contextmanager
def _descriptions(origin: Origin, patterns: list[str]) -> Iterator[Path]:
    """Yield a folder with all files but the weights, and the card where there is one."""
    card = ["README.md"] if "README.md" in origin.names else []
    wanted = [pattern for pattern in patterns if pattern in DESCRIPTIONS] + card
    if origin.path is None:
        with downloaded(origin, "model", wanted) as folder:
            yield folder
        return
    with TemporaryDirectory() as target:
        for name in origin.names:
            if "/" not in name and any(fnmatchcase(name, pattern) for pattern in wanted):
                shutil.copyfile(origin.path / name, Path(target) / name)
        yield Path(target)


def _card_license(card: Path) -> str | None:
    """Return the license that a model card names in its head."""
    from huggingface_hub import ModelCard

    if not card.exists():
        return None
    try:
        found: Any = ModelCard(card.read_text(encoding="utf-8"), ignore_metadata_errors=True).data.license
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _show(facts: ModelFacts) -> None:
    for line in facts.lines():
        print(line)
