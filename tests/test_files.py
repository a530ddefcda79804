import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.files import fresh_directory, fresh_file, read_json_object, sha256_of, write_json, write_tsv
from belle.locks import lock
from factories import open_handles


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_directory_appears_when_it_is_complete(tmp_path):
    with fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("new")
        assert not (tmp_path / "out").exists()
    assert names(tmp_path) == {"out"}
    assert (tmp_path / "out" / "a").read_text() == "new"


def test_a_directory_replaces_the_older_one_whole(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old")
    with fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("new")
    assert names(tmp_path) == {"out"}
    assert names(tmp_path / "out") == {"a"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_what_was_there(tmp_path, error):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old")
    with pytest.raises(error), fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("half")
        raise error
    assert names(tmp_path) == {"out"}
    assert names(tmp_path / "out") == {"old"}


def test_what_a_killed_run_left_behind_is_not_taken_over(tmp_path):
    (tmp_path / ".out.partial").mkdir()
    (tmp_path / ".out.partial" / "half").write_text("half")
    with fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("new")
    assert names(tmp_path / "out") == {"a"}


def test_a_second_writer_is_refused_and_the_first_one_loses_nothing(tmp_path):
    with fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("first")
        with pytest.raises(UserError, match=r"out: another run is writing it"), fresh_directory(tmp_path / "out"):
            pass
        (out / "b").write_text("first")
    assert names(tmp_path / "out") == {"a", "b"}
    assert names(tmp_path) == {"out"}


def test_two_processes_leave_one_whole_directory(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from belle.files import fresh_directory\n"
        "with fresh_directory(Path('out')) as out:\n"
        "    for name in 'abcde':\n"
        "        (out / name).write_text(sys.argv[1]); time.sleep(0.05)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(number)], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    failed = [error for error in (process.communicate()[1] for process in running) if error]
    assert all("another run is writing it" in error for error in failed)
    assert names(tmp_path) == {"out"} and names(tmp_path / "out") == set("abcde")
    # all files are of one writer
    assert len({path.read_text() for path in (tmp_path / "out").iterdir()}) == 1


def test_a_writer_that_ends_while_another_one_claims_its_place_leaves_no_handle_open(tmp_path, monkeypatch):
    """The first writer renames its directory between the second one's open and its check."""
    partial, open_before = tmp_path / ".out.partial", open_handles()
    partial.mkdir()

    def lock_late(folder):
        handle = lock(folder)
        if not (tmp_path / "out").exists():
            folder.rename(tmp_path / "out")
        return handle

    monkeypatch.setattr("belle.files.lock", lock_late)
    with fresh_directory(tmp_path / "out") as out:
        (out / "a").write_text("second")
    assert names(tmp_path / "out") == {"a"}
    assert open_handles() == open_before


def test_a_file_is_replaced_when_it_is_complete(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(ValueError, match="broken"), fresh_file(tmp_path / "file") as partial:
        partial.write_text("half")
        raise ValueError("broken")
    assert names(tmp_path) == {"file"}
    assert (tmp_path / "file").read_text() == "old"


def test_json_keeps_the_order_of_keys_and_chinese(tmp_path):
    write_json(tmp_path / "new" / "a.json", {"b": "猫", "a": 1})
    text = (tmp_path / "new" / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"b": "猫", "a": 1}
    assert text.index("b") < text.index("猫") < text.index('"a"')
    assert text.endswith("}\n")


@pytest.mark.parametrize("content", [None, b"", b'{"a": 1', b"[]", b'{"a": "\xff"}', b"[" * 200_000])
def test_what_is_no_json_object_is_named_with_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UserError, match=rf"^{tmp_path}/a\.json: .*; make it again$"):
        read_json_object(tmp_path / "a.json", "make it again")
    with pytest.raises(UserError, match=r"^config\.json: "):
        read_json_object(tmp_path / "a.json", "make it again", "config.json")


def test_a_json_object_is_read(tmp_path):
    write_json(tmp_path / "a.json", {"a": "猫"})
    assert read_json_object(tmp_path / "a.json", "") == {"a": "猫"}


def test_sha256_of_a_file_larger_than_a_chunk(tmp_path):
    (tmp_path / "zeros").write_bytes(bytes(3_000_000))
    assert sha256_of(tmp_path / "zeros") == hashlib.sha256(bytes(3_000_000)).hexdigest()


def test_sha256_of_a_directory_changes_with_names_and_contents_only(tmp_path):
    def digest(**files: str) -> str:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        for name, text in files.items():
            (folder / "inner" / name).parent.mkdir(exist_ok=True)
            (folder / "inner" / name).write_text(text)
        return sha256_of(folder)

    one = digest(a="1", b="2")
    assert one == digest(b="2", a="1")
    assert len({one, digest(a="2", b="1"), digest(a="1", c="2"), digest(a="1"), digest()}) == 5


def test_a_table_has_tabs_and_empty_cells(tmp_path):
    write_tsv(tmp_path / "t.tsv", ("a", "b"), [(1, None), ("x", 0.5)])
    assert (tmp_path / "t.tsv").read_text() == "a\tb\n1\t\nx\t0.5\n"
