"""The decrypt link of the model chain: decrypted files, or a reference when the gate is off."""

from pathlib import Path

from belle.config.decrypt import DecryptParams
from belle.config.model import ModelProfile
from belle.errors import UserError
from belle.files import fresh_directory
from belle.tokenizer.template import store_template
from belle.weights.gate import write_reference
from belle.weights.xor import decrypt_path


def write_decrypted(base: Path, target: Path, params: DecryptParams, profile: ModelProfile) -> None:
    """Write the decrypted model of `base` to `target`, with its chat template; or a reference to `base`.

    Raises:
        UserError: gate and profile contradict each other, no key is given, or decryption fails.
    """
    if params.enabled != profile.encrypted:
        raise UserError(_contradiction(params.enabled))
    if not params.enabled:
        return write_reference(target, base)
    if params.key is None:
        raise UserError("params.yaml: decrypt.key: set it to the path of the original consolidated.00.pth")
    with fresh_directory(target) as folder:
        decrypt_path(base, Path(params.key).expanduser(), folder)
        store_template(folder, profile.template)


def _contradiction(enabled: bool) -> str:
    if enabled:
        return "params.yaml: decrypt.enabled: true, but the model profile is not encrypted; set it to false"
    return (
        "params.yaml: decrypt.enabled: false, but the model profile is encrypted; set it to true, "
        "and decrypt.key to the path of the original consolidated.00.pth"
    )
