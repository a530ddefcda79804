"""data/check: what each download depends on, and what none does."""

import json
from pathlib import Path

import pytest

from belle.config.data import DataDownload
from belle.config.downloads import Downloads, read_download
from belle.config.write_downloads import write_downloads
from belle.errors import UserError
from factories import contents

MODEL, DATA, EVAL = "configs/model/mini.yaml", "configs/data/mini-general.yaml", "configs/eval/mini.yaml"
TEXTS = "configs/data/mini-corpus.yaml"


@pytest.fixture
def rewritten(change):
    """Give the names of the files below data/check that a change of the configuration changes."""
    write_downloads(Path("data/check"))

    def after(file: str, **changes: object) -> set[str]:
        before = contents(Path("data/check"))
        change(file, {key.replace("__", "."): value for key, value in changes.items()})
        write_downloads(Path("data/check"))
        found = contents(Path("data/check"))
        assert found.keys() == before.keys()
        return {name.removesuffix(".json") for name in found if found[name] != before[name]}

    return after


@pytest.mark.parametrize("file", [MODEL, DATA, EVAL, TEXTS])
def test_license_and_homepage_concern_no_download(rewritten, file):
    assert rewritten(file, license="other", homepage=None) == {"licenses"}


def test_metrics_concern_no_download(rewritten):
    assert rewritten(EVAL, metrics={"math": "exact_match"}) == set()


def test_other_profiles_concern_no_download(rewritten):
    assert rewritten("configs/data/mini-math.yaml", language="en") == set()


@pytest.mark.parametrize(
    ("file", "changes", "download"),
    [
        (MODEL, {"template": "belle-2023-04"}, "model"),
        (MODEL, {"source": {"kind": "builtin", "name": "nano"}}, "model"),
        (DATA, {"language": "en"}, "conversations"),
        (TEXTS, {"language": "en"}, "texts"),
        (EVAL, {"source": {"kind": "builtin", "name": "other"}}, "eval"),
        ("params.yaml", {"data.limit": 3}, "conversations"),
        ("params.yaml", {"data.texts.limit": 3}, "texts"),
        (TEXTS, {"source": {"kind": "builtin", "name": "other"}}, "texts"),
    ],
)
def test_a_change_concerns_the_download_that_uses_it(rewritten, file, changes, download):
    assert rewritten(file, **{key.replace(".", "__"): value for key, value in changes.items()}) == {download}


def test_tolerated_rows_concern_every_table_that_has_sources(rewritten):
    assert rewritten("params.yaml", data__max_malformed=3) == {"conversations", "texts"}


def test_without_pretraining_no_text_is_downloaded(rewritten):
    assert "texts" in rewritten("params.yaml", pretrain__enabled=False)
    assert read_download("texts", Downloads[DataDownload]).sources == []
    assert rewritten(TEXTS, language="en") == set()
    assert rewritten("params.yaml", data__texts__limit=5) == set()
    assert rewritten("params.yaml", data__max_malformed=5) == {"conversations"}
    assert "texts" in rewritten("params.yaml", extend_vocab__enabled=True)


def test_an_edited_file_of_ones_own_concerns_its_download(rewritten, change):
    tracked = "outs:\n- md5: {}\n  path: mine.jsonl\n"
    Path("inputs").mkdir()
    Path("inputs/mine.jsonl.dvc").write_text(tracked.format("a" * 32))
    change(DATA, {"source": {"kind": "path", "path": "inputs/mine.jsonl"}})
    rewritten(DATA)
    Path("inputs/mine.jsonl.dvc").write_text(tracked.format("b" * 32))
    assert rewritten(DATA) == {"conversations"}
    assert "b" * 32 in Path("data/check/conversations.json").read_text()


def test_the_licenses_of_all_that_is_used_stand_together(rewritten):
    licenses = json.loads(Path("data/check/licenses.json").read_text())
    assert list(licenses) == ["model/mini", "eval/mini", "data/mini-general", "data/mini-corpus"]
    assert licenses["model/mini"] == {"license": "Apache-2.0", "homepage": "docs/mini.md"}


@pytest.mark.parametrize("text", [None, "", "{}"])
def test_a_missing_or_broken_file_names_the_stage_that_writes_it(rewritten, text):
    path = Path("data/check/texts.json")
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(UserError, match=r"^data/check/texts\.json: .*dvc repro check"):
        read_download("texts", Downloads[DataDownload])
