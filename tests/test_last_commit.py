"""What Git has of the repository."""

import subprocess
from pathlib import Path

from belle.last_commit import committed


def test_a_file_as_the_last_commit_has_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("details/unquantized.judgments.tsv")
    assert committed(path) == ""
    path.parent.mkdir()
    path.write_text("id\tscore\n第一\t1.0000\n", encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], check=True)
    before = path.read_text(encoding="utf-8")
    path.unlink()
    assert committed(path) == before and committed(Path("details/other.tsv")) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert committed(path) == ""
