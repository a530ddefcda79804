"""What dvc.lock says of an output: its hash, and whether it still belongs to the params and inputs beside it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Literal

from belle.compare.checked import CHECKED, checked_params
from belle.compare.flatten import flatten

PARAMS = "params.yaml"


class Lock:
    """The dvc.lock of one revision.

    Attributes:
        stages: as in the file, by name.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.stages: Mapping[str, Any] = content.get("stages") or {}

    def hash_of(self, output: str) -> str | None:
        """Return the MD5 of an output, of a directory with `.dir` at its end; None when no stage has made it."""
        stage = self._makers.get(output)
        return None if stage is None else hashes_of(stage, "outs")[output]

    def dependency(self, output: str, path: str) -> str | None:
        """Return the hash that a dependency of the stage of this output had when it ran."""
        return hashes_of(self._makers.get(output, {}), "deps").get(path)

    def stale(self, output: str, params: Mapping[str, Any]) -> str | None:
        """Return why an output is not what these params and the other outputs would make; None when it is.

        An experiment that stops at `train` keeps the scores of the run before it.
        """
        return next(self._reasons(output, params), None)

    def profiles(self, output: str) -> dict[str, Any]:
        """Return the profiles that the stage of this output has read, by file."""
        return profiles_of(self._makers.get(output, {}))

    @cached_property
    def _makers(self) -> dict[str, Mapping[str, Any]]:
        """The stage of each output, by the output's path."""
        return {path: stage for stage in self.stages.values() for path in hashes_of(stage, "outs")}

    def upstream(self, output: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield an output and all that it was made from, each with its stage; an empty one where none has made it."""
        seen, waiting = {output}, [output]
        while waiting:
            path = waiting.pop(0)
            stage = self._makers.get(path, {})
            yield path, stage
            for dependency in hashes_of(stage, "deps"):
                made = next((one for one in _with_parents(dependency) if one in self._makers), None)
                if made is not None and made not in seen:
                    seen.add(made)
                    waiting.append(made)

    def _reasons(self, output: str, params: Mapping[str, Any]) -> Iterator[str]:
        for path, stage in self.upstream(output):
            if not stage:
                yield f"no stage has made {path}"
            recorded = (stage.get("params") or {}).get(PARAMS) or {}
            # whole sections, of which only a part concerns each of its files
            if path != CHECKED:
                yield from _unlike(path, recorded, {key: _value(params, key) for key in recorded})
            for dependency, then in hashes_of(stage, "deps").items():
                if self.hash_of(dependency) not in (None, then):
                    yield f"{path} was made from another {dependency}"
                if dependency.startswith(f"{CHECKED}/") and CHECKED in self._makers:
                    yield from self._checked_otherwise(dependency, params)

    def _checked_otherwise(self, file: str, params: Mapping[str, Any]) -> Iterator[str]:
        recorded = (self._makers[CHECKED].get("params") or {}).get(PARAMS) or {}
        then, now = (checked_params(file, flatten(one)) for one in (recorded, params))
        yield from _unlike(file, then, now)


def _unlike(path: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if changed := sorted(key for key in then.keys() & now.keys() if then.get(key) != now.get(key)):
        yield f"{path} was made with other values of {', '.join(changed)}"


def profiles_of(stage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the profiles that a stage has read, by file."""
    return {file: values for file, values in (stage.get("params") or {}).items() if file != PARAMS}


def hashes_of(stage: Mapping[str, Any], kind: Literal["deps", "outs"]) -> dict[str, str]:
    """Return the MD5 of the dependencies or outputs of a stage, by path."""
    return {one["path"]: one["md5"] for one in stage.get(kind) or [] if "md5" in one}


def _value(params: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key, None where there is none."""
    found: Any = params
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _with_parents(path: str) -> list[str]:
    return [path, *(str(parent) for parent in PurePosixPath(path).parents)]
