"""What dvc.lock says of an output: its hash, and whether it still belongs to the params and inputs beside it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

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
        return None if stage is None else _hashes(stage, "outs")[output]

    def dependency(self, output: str, path: str) -> str | None:
        """Return the hash that a dependency of the stage of this output had when it ran."""
        return _hashes(self._makers.get(output, {}), "deps").get(path)

    def stale(self, output: str, params: Mapping[str, Any]) -> str | None:
        """Return why an output is not what these params and the other outputs would make; None when it is.

        An experiment that stops at `train` keeps the scores of the run before it.
        """
        return next(self._reasons(output, params), None)

    def profiles(self, output: str) -> dict[str, Any]:
        """Return the profiles that the stage of this output has read, by file."""
        params = self._makers.get(output, {}).get("params") or {}
        return {file: values for file, values in params.items() if file != PARAMS}

    @cached_property
    def _makers(self) -> dict[str, Mapping[str, Any]]:
        """The stage of each output, by the output's path."""
        return {path: stage for stage in self.stages.values() for path in _hashes(stage, "outs")}

    def _reasons(self, output: str, params: Mapping[str, Any]) -> Iterator[str]:
        seen, waiting = {output}, [output]
        while waiting:
            path = waiting.pop(0)
            stage = self._makers.get(path)
            if stage is None:
                yield f"no stage has made {path}"
                continue
            recorded = (stage.get("params") or {}).get(PARAMS) or {}
            if changed := [key for key, value in recorded.items() if _value(params, key) != value]:
                yield f"{path} was made with other values of {', '.join(sorted(changed))}"
            for dependency, then in _hashes(stage, "deps").items():
                if self.hash_of(dependency) not in (None, then):
                    yield f"{path} was made from another {dependency}"
                made = next((one for one in _with_parents(dependency) if one in self._makers), None)
                if made is not None and made not in seen:
                    seen.add(made)
                    waiting.append(made)


def _hashes(stage: Mapping[str, Any], kind: str) -> dict[str, str]:
    return {one["path"]: one["md5"] for one in stage.get(kind) or [] if "md5" in one}


def _value(params: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key, None where there is none."""
    found: Any = params
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _with_parents(path: str) -> list[str]:
    return [path, *(str(parent) for parent in PurePosixPath(path).parents)]
