import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from belle.checkpoints.resolve import read_pointer, write_pointer
from belle.encryption.xor import encrypt_path
from belle.tokenizer.template import TEMPLATES

ROOT = Path(__file__).resolve().parents[2]
STAGE = ROOT / "stages" / "decrypt.py"


@pytest.fixture
def repository(tmp_path: Path):
    """Make a repository with the project's configuration, one small profile, a key and an encrypted models/base."""

    def make(enabled: bool, encrypted: bool, key: str | None) -> Path:
        yaml = YAML(typ="safe")
        shutil.copytree(ROOT / "configs", tmp_path / "configs")
        params = yaml.load(ROOT / "params.yaml")
        params["model"]["profile"], params["decrypt"] = "small", {"enabled": enabled, "key": key}
        yaml.dump(params, tmp_path / "params.yaml")
        profile = yaml.load(ROOT / "configs" / "model" / "mini.yaml")
        yaml.dump(profile | {"encrypted": encrypted}, tmp_path / "configs" / "model" / "small.yaml")
        (tmp_path / "key.pth").write_bytes(bytes(range(1, 200)))
        (tmp_path / "plain").mkdir()
        (tmp_path / "plain" / "config.json").write_text('{"model_type": "llama"}')
        (tmp_path / "plain" / "tokenizer_config.json").write_text('{"chat_template": "old", "model_max_length": 9}')
        encrypt_path(tmp_path / "plain", tmp_path / "key.pth", tmp_path / "models" / "base")
        (tmp_path / "models" / "base" / "source.json").write_text('{"license": "none"}')
        return tmp_path

    return make


def run_stage(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, STAGE], cwd=folder, capture_output=True, text=True)


def test_a_skipped_stage_writes_a_pointer(repository) -> None:
    root = repository(enabled=False, encrypted=False, key=None)
    assert run_stage(root).returncode == 0
    made = root / "models" / "decrypted"
    assert [path.name for path in made.iterdir()] == ["model_ref.json"]
    assert json.loads((made / "model_ref.json").read_text()) == {"path": "models/base"}


def test_the_decrypted_model_has_its_template(repository) -> None:
    root = repository(enabled=True, encrypted=True, key="key.pth")
    result = run_stage(root)
    assert result.returncode == 0, result.stderr
    made = root / "models" / "decrypted"
    assert (made / "config.json").read_text() == '{"model_type": "llama"}'
    assert (made / "source.json").read_text() == '{"license": "none"}'
    assert (made / "chat_template.jinja").read_text() == TEMPLATES["belle"]
    assert json.loads((made / "tokenizer_config.json").read_text()) == {"model_max_length": 9}
    assert sorted(path.name for path in (root / "models").iterdir()) == ["base", "decrypted"]


def test_running_again_replaces_a_pointer(repository) -> None:
    root = repository(enabled=True, encrypted=True, key="key.pth")
    made = root / "models" / "decrypted"
    write_pointer(made, Path("models/base"))
    for _ in range(2):
        assert run_stage(root).returncode == 0
        assert read_pointer(made) is None


MISTAKES = {
    "encrypted but skipped": (False, True, "key.pth", "decrypt.enabled: "),
    "enabled but not encrypted": (True, False, "key.pth", "decrypt.enabled: "),
    "no key": (True, True, None, "decrypt.key: "),
    "missing key": (True, True, "absent.pth", "absent.pth: no such key file"),
    "wrong key": (True, True, "params.yaml", "params.yaml: wrong key"),
}


@pytest.mark.parametrize(("enabled", "encrypted", "key", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_end_in_one_line(repository, enabled, encrypted, key, words) -> None:
    root = repository(enabled, encrypted, key)
    result = run_stage(root)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert words in line
    assert "Traceback" not in result.stderr
    assert [path.name for path in (root / "models").iterdir()] == ["base"]


def test_stage_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'datasets', 'peft'}"
    code = f"import runpy, sys; runpy.run_path({str(STAGE)!r}); print(sorted({heavy} & {{*sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
