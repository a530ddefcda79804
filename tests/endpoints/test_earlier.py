"""Replies in DVC's cache; the stage that uses them is in tests/generate_data/test_generate.py."""

from pathlib import Path

from belle.endpoints.earlier import import_earlier


def test_outside_a_dvc_repository_there_are_none(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert import_earlier(Path("data/generated"), "replies.jsonl", store) == 0


def test_an_output_that_dvc_does_not_know_has_none(store, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    assert import_earlier(Path("data/no-such-output"), "replies.jsonl", store) == 0
