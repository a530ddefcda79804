import json
import subprocess
import sys
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.tokenizer.template import TEMPLATES
from belle.weights.gate import read_reference, write_reference
from belle.weights.xor import encrypt_path

STAGE = Path(__file__).resolve().parents[2] / "stages" / "decrypt.py"
PROFILE = """
source: {{kind: path, path: somewhere}}
license: none
homepage: none
architecture: llama
hidden_size: 64
intermediate_size: 128
template: belle
encrypted: {encrypted}
"""


def repository(folder: Path, enabled: bool, encrypted: bool, key: str) -> None:
    """A repository with params, one profile, a key and an encrypted models/base."""
    gate = f"decrypt: {{enabled: {str(enabled).lower()}, key: {key}}}\n"
    (folder / "params.yaml").write_text(f"model: {{profile: small, allow_unpinned: false}}\n{gate}")
    (folder / "configs" / "model").mkdir(parents=True)
    (folder / "configs" / "model" / "small.yaml").write_text(PROFILE.format(encrypted=str(encrypted).lower()))
    (folder / "key.pth").write_bytes(bytes(range(1, 200)))
    (folder / "plain").mkdir()
    (folder / "plain" / "config.json").write_text('{"model_type": "llama"}')
    (folder / "plain" / "tokenizer_config.json").write_text('{"chat_template": "old", "model_max_length": 9}')
    encrypt_path(folder / "plain", folder / "key.pth", folder / "models" / "base")
    (folder / "models" / "base" / "source.json").write_text('{"license": "none"}')


def run_stage(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, STAGE], cwd=folder, capture_output=True, text=True)


def test_gate_off_writes_a_reference(tmp_path: Path) -> None:
    repository(tmp_path, enabled=False, encrypted=False, key="null")
    assert run_stage(tmp_path).returncode == 0
    made = tmp_path / "models" / "decrypted"
    assert [path.name for path in made.iterdir()] == ["model_ref.json"]
    assert json.loads((made / "model_ref.json").read_text()) == {"path": "models/base"}


def test_gate_on_decrypts_and_stores_the_template(tmp_path: Path) -> None:
    repository(tmp_path, enabled=True, encrypted=True, key="key.pth")
    result = run_stage(tmp_path)
    assert result.returncode == 0, result.stderr
    made = tmp_path / "models" / "decrypted"
    assert (made / "config.json").read_text() == '{"model_type": "llama"}'
    assert (made / "source.json").read_text() == '{"license": "none"}'
    assert (made / "chat_template.jinja").read_text() == TEMPLATES["belle"]
    assert json.loads((made / "tokenizer_config.json").read_text()) == {"model_max_length": 9}
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["base", "decrypted"]


def test_switching_back_and_running_again(tmp_path: Path) -> None:
    repository(tmp_path, enabled=True, encrypted=True, key="key.pth")
    made = tmp_path / "models" / "decrypted"
    write_reference(made, Path("models/base"))
    for _ in range(2):
        assert run_stage(tmp_path).returncode == 0
        assert read_reference(made) is None


MISTAKES = {
    "encrypted but off": (
        False,
        True,
        "key.pth",
        "decrypt.enabled: false, but the model profile is encrypted",
    ),
    "on but not encrypted": (
        True,
        False,
        "key.pth",
        "decrypt.enabled: true, but the model profile is not encrypted",
    ),
    "no key": (True, True, "null", "decrypt.key: set it to the path of the original consolidated.00.pth"),
    "missing key": (True, True, "absent.pth", "absent.pth: no such key file"),
    "wrong key": (True, True, "params.yaml", "params.yaml: wrong key"),
}


@pytest.mark.parametrize(("enabled", "encrypted", "key", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_end_in_one_line(tmp_path: Path, enabled: bool, encrypted: bool, key: str, words: str) -> None:
    repository(tmp_path, enabled, encrypted, key)
    result = run_stage(tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [result.stderr.strip()] and result.stderr.startswith("error: ")
    assert words in result.stderr
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["base"]


def test_stage_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'datasets', 'peft'}"
    code = f"import runpy, sys; runpy.run_path({str(STAGE)!r}); print(sorted({heavy} & {{*sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"path": 3}'])
def test_unreadable_reference(tmp_path: Path, content: str) -> None:
    (tmp_path / "model_ref.json").write_text(content)
    with pytest.raises(UserError, match="not a reference"):
        read_reference(tmp_path)


def test_reference_replaces_a_model(tmp_path: Path) -> None:
    target = tmp_path / "decrypted"
    target.mkdir()
    (target / "model.safetensors").write_bytes(b"old")
    assert read_reference(target) is None
    write_reference(target, Path("models/base"))
    assert read_reference(target) == Path("models/base")
    assert [path.name for path in target.iterdir()] == ["model_ref.json"]
