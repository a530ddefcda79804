"""params.yaml with the changes of `-S KEY=VALUE`, as `dvc exp run` would write them; the file stays as it is."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.base import PARAMS, read_yaml
from belle.errors import UserError


def read_overridden(overrides: Sequence[str]) -> dict[str, Any]:
    """Return the content of params.yaml with these changes.

    Args:
        overrides: each `KEY=VALUE`, in the grammar of `dvc exp run -S`.

    Raises:
        UserError: params.yaml cannot be read, a key is not there, or an override is not of that form.
    """
    if not overrides:
        return read_yaml(PARAMS)
    from dvc.exceptions import DvcException
    from dvc.utils.hydra import apply_overrides

    read_yaml(PARAMS)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / PARAMS
        shutil.copyfile(PARAMS, copy)
        try:
            apply_overrides(copy, list(overrides))
        except (DvcException, ValueError) as error:
            # hydra goes on with the place in the text, and the whole configuration
            reason = str(error).strip().partition("\n")[0]
            raise UserError(f"-S {' -S '.join(overrides)}: {reason}; docs/params.md lists the keys") from None
        return read_yaml(copy)
