"""What `make generate` writes is what is committed."""

import shutil
from pathlib import Path

import pytest

import generate
from factories import STALE

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ["params.yaml", "dvc.yaml", "docs/params.md", "docs/one-conversation.md"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository's files, generated again."""
    folder = tmp_path_factory.mktemp("generated")
    for name in ("src", "stages", "scripts", "configs", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        generate.main()
    return folder


@pytest.mark.parametrize("name", GENERATED)
def test_generated_files_are_current(written, name):
    assert (written / name).read_text(encoding="utf-8") == (ROOT / name).read_text(encoding="utf-8"), STALE


def test_generated_schemas_are_current(written):
    folder = ROOT / "configs" / "schema"
    assert {path.name for path in folder.iterdir()} == {path.name for path in (written / "configs/schema").iterdir()}
    for path in folder.iterdir():
        assert (written / "configs" / "schema" / path.name).read_bytes() == path.read_bytes(), STALE


def test_the_page_of_one_conversation_shows_masks_labels_and_borders(written):
    page = (written / "docs" / "one-conversation.md").read_text(encoding="utf-8")
    rows = {
        name: [word for line in page.splitlines() if line.startswith(name + " ") for word in line.split()[1:]]
        for name in ("ids", "loss_mask", "input_ids", "labels", "position_ids")
    }
    in_loss = [int(token) for token, mask in zip(rows["ids"], rows["loss_mask"], strict=True) if mask == "1"]
    labels = [int(label) for label in rows["labels"] if label != "."]
    # the shorter neighbor comes first
    assert labels[-len(in_loss) :] == in_loss and len(labels) > len(in_loss)
    assert rows["position_ids"].count("0") == 2
    assert len(rows["input_ids"]) == len(rows["labels"]) == len(rows["position_ids"])
