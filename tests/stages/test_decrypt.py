import json
import subprocess
import sys
from pathlib import Path

import pytest

from belle.checkpoints.resolve import read_pointer, write_pointer
from belle.encryption.xor import encrypt_path
from belle.tokenizer.template import TEMPLATES

STAGES = Path(__file__).resolve().parents[2] / "stages"


@pytest.fixture
def repository(change):
    """Make a repository with the project's configuration, a key and an encrypted models/base."""

    def make(enabled: bool, encrypted: bool, key: str | None, **config: object) -> Path:
        change("configs/model/mini.yaml", {"encrypted": encrypted})
        change("params.yaml", {"decrypt": {"enabled": enabled, "key": key}})
        root = Path.cwd()
        (root / "key.pth").write_bytes(bytes(range(1, 200)))
        (root / "plain").mkdir()
        (root / "plain" / "config.json").write_text(json.dumps({"model_type": "llama", **config}))
        for name in ("pytorch_model.bin", "tokenizer.model"):
            (root / "plain" / name).write_text(name)
        (root / "plain" / "tokenizer_config.json").write_text('{"chat_template": "old", "model_max_length": 9}')
        encrypt_path(root / "plain", root / "key.pth", root / "models" / "base")
        (root / "models" / "base" / "LICENSE").write_text("none")
        return root

    return make


def run_stage(folder: Path) -> subprocess.CompletedProcess[str]:
    for stage in ("check", "decrypt"):
        done = subprocess.run([sys.executable, STAGES / f"{stage}.py"], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            break
    return done


def test_a_skipped_stage_writes_a_pointer(repository):
    root = repository(enabled=False, encrypted=False, key=None)
    assert run_stage(root).returncode == 0
    assert read_pointer(root / "models" / "decrypted") == Path("models/base")


def test_the_decrypted_model_has_its_template_and_replaces_a_pointer(repository):
    root = repository(enabled=True, encrypted=True, key="key.pth")
    made = root / "models" / "decrypted"
    write_pointer(made, Path("models/base"))
    result = run_stage(root)
    assert result.returncode == 0, result.stderr
    assert read_pointer(made) is None
    assert (made / "config.json").read_text() == '{"model_type": "llama"}'
    assert (made / "LICENSE").read_text() == "none"
    stored = {"model_max_length": 9, "chat_template": TEMPLATES["belle"]}
    assert json.loads((made / "tokenizer_config.json").read_text()) == stored
    assert sorted(path.name for path in (root / "models").iterdir()) == ["base", "decrypted"]


@pytest.mark.parametrize(
    ("config", "words"),
    [({"hidden_size": 4096}, "hidden_size is 4096"), ({"model_type": "bloom"}, "model_type is 'bloom'")],
)
def test_another_model_than_the_profile_says_is_refused(repository, config, words):
    root = repository(enabled=True, encrypted=True, key="key.pth", **config)
    result = run_stage(root)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert line.startswith(f"error: config.json: {words} and the model's profile says ")
    assert [path.name for path in (root / "models").iterdir()] == ["base"]


@pytest.mark.parametrize(
    ("key", "words"), [("absent.pth", "absent.pth: no such"), ("params.yaml", "params.yaml: wrong key")]
)
def test_a_mistake_ends_in_one_line_and_leaves_nothing(repository, key, words):
    root = repository(enabled=True, encrypted=True, key=key)
    result = run_stage(root)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert words in line
    assert "Traceback" not in result.stderr
    assert [path.name for path in (root / "models").iterdir()] == ["base"]


def test_decrypting_imports_no_heavy_library():
    program = f"import runpy, sys; runpy.run_path({str(STAGES / 'decrypt.py')!r}); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "belle.encryption.xor" in modules
    assert not {"torch", "transformers", "datasets", "peft"} & set(modules)
