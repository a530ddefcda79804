"""`belle promote`: an experiment's model under models/promoted, tracked by DVC, with its provenance for Git."""

import shutil
from pathlib import Path
from typing import Any

from dvc.exceptions import DvcException
from dvc.repo import Repo

from belle.checkpoints.resolve import CONFIG
from belle.config.base import PARAMS, parse, read_yaml
from belle.config.checkpoints import CHECKPOINTS, Checkpoint
from belle.config.promoted import CONFIG_KEYS, PREFIX, PROMOTED, Provenance, refuse_bad_name, tracking_file
from belle.errors import UserError
from belle.files import fresh_directory, read_json_object
from belle.promote.copy import BASE, copy_checkpoint, parts_of
from belle.promote.experiment import Experiment, experiment


def promote(asked: str, name: str, checkpoint: Checkpoint | None = None, force: bool = False) -> None:
    """Copy an experiment's model to models/promoted/NAME, let DVC track it, and add its `.dvc` file to Git's index.

    Args:
        asked: the experiment, branch, tag or commit.
        name: of the promoted model.
        checkpoint: which one of the model chain; None takes the one that the experiment evaluates.
        force: replace a promoted model of that name.

    Raises:
        UserError: no such experiment or model, the model is nowhere, or the name is bad or taken. Nothing is left
            half-written then.
    """
    read_yaml(PARAMS)
    refuse_bad_name(name)
    target = PROMOTED / name
    if not force and (tracking_file(name).exists() or target.exists()):
        raise UserError(f"{target}: there already; --force replaces it, another name keeps both")
    try:
        with Repo() as repo:
            with experiment(repo, asked) as found, fresh_directory(target) as folder:
                meta = _copy(found, checkpoint, folder, target)
            provenance = _track(repo, target, meta)
    except DvcException as error:
        raise UserError(f"{target}: dvc cannot promote it: {' '.join(str(error).split())}") from error
    print(f"{target}: models/{provenance.checkpoint} of {provenance.experiment or asked}, {provenance.revision[:8]}")
    print("next:")
    print(f"  git commit -m 'Promote {name}'")
    print(f"  dvc exp run -S train.init_from={PREFIX}{name}")


def _copy(found: Experiment, checkpoint: Checkpoint | None, folder: Path, target: Path) -> dict[str, Any]:
    """Copy the checkpoint into `folder`; return its provenance but for its own hash."""
    params = found.params()
    source = Path("models") / (checkpoint or _evaluated(found, params))
    parts = parts_of(found, source)
    copy_checkpoint(found, parts, folder, target)
    config = read_json_object(folder.joinpath(*[BASE] * (len(parts) - 1), CONFIG), "train the model again")
    return {
        "revision": found.revision,
        "experiment": found.name,
        "checkpoint": source.name,
        "hashes": {tracked.as_posix(): found.md5(tracked) for tracked in map(_tracked, parts)},
        "config": {key: config[key] for key in CONFIG_KEYS if key in config},
        "metrics": found.metrics(),
        "params": params,
    }


def _evaluated(found: Experiment, params: dict[str, Any]) -> str:
    checkpoint = params.get("checkpoint")
    if checkpoint not in CHECKPOINTS:
        raise UserError(f"{found.asked}: its params.yaml names no checkpoint; name one: --checkpoint trained")
    return str(checkpoint)


def _tracked(part: Path) -> Path:
    """Return the directory that DVC has a hash of: that of a promoted adapter holds its base too."""
    return Path(*part.parts[:3]) if PROMOTED in part.parents else part


def _track(repo: Repo, target: Path, meta: dict[str, Any]) -> Provenance:
    """Let DVC track a directory; write its provenance into the `.dvc` file, and add that to Git's index."""
    file = tracking_file(target.name)
    is_new = not file.exists()
    try:
        repo.scm_context.quiet = True  # Git is told below
        (stage,) = repo.add([str(target)])
        md5 = stage.outs[0].hash_info.value
        provenance = parse(Provenance, {**meta, "md5": md5}, file, "meta")
        stage.desc = f"models/{provenance.checkpoint} of {provenance.experiment or 'commit'} {provenance.revision[:8]}"
        stage.meta = provenance.model_dump()
        stage.dump()
        repo.scm.add([str(file)])
    except BaseException:
        if is_new:
            shutil.rmtree(target, ignore_errors=True)
            file.unlink(missing_ok=True)
        raise
    return provenance
