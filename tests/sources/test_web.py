"""Downloads against a real server: resumed, retried, checked, and nothing wrong is kept."""

import hashlib
from types import SimpleNamespace

import pytest

from belle.config.source import UrlFile
from belle.errors import UserError
from belle.sources import web

CHUNK = 4096
CONTENT = bytes(range(256)) * (5 * CHUNK // 256) + b"end"


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    """No time between attempts, and no proxy."""
    monkeypatch.setattr(web, "BACKOFF_SECONDS", 0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def url_file(server, content: bytes = CONTENT) -> UrlFile:
    server.files["/a.bin"] = CONTENT
    digest = hashlib.sha256(content).hexdigest()
    return UrlFile(url=f"{server.address}/a.bin", sha256=digest, name="a.bin")


def ranges(server) -> list[str | None]:
    return [byte_range for _, _, byte_range in server.requests]


def test_a_file_is_fetched_in_one_request(server, cache, tmp_path):
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == [None]


def test_a_broken_download_is_resumed_where_it_stopped(server, cache, tmp_path):
    server.breaks = [3 * CHUNK + 5]
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == [None, f"bytes={3 * CHUNK + 5}-"]


def test_the_partial_file_of_a_killed_run_is_resumed(server, cache, tmp_path):
    file = url_file(server)
    (cache / f"{file.sha256}.partial").write_bytes(CONTENT[:1000])
    web.download_file(file, tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == ["bytes=1000-"]


def test_a_complete_partial_file_is_not_fetched_again(server, cache, tmp_path):
    file = url_file(server)
    (cache / f"{file.sha256}.partial").write_bytes(CONTENT)
    web.download_file(file, tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == []


def test_a_file_of_unknown_content_is_fetched_once_for_all(server, cache, tmp_path):
    url = url_file(server).url
    file = web.download_unknown(url, cache)
    assert file == url_file(server)
    web.download_file(file, tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == [None]


def test_what_is_left_of_an_unknown_file_is_not_continued(server, cache):
    url = url_file(server).url
    server.breaks = [CHUNK] * (web.ATTEMPTS + 1)
    server.ranges = False
    with pytest.raises(UserError):
        web.download_unknown(url, cache)
    server.breaks, server.ranges = [], True
    server.requests.clear()
    assert web.download_unknown(url, cache) == url_file(server)
    assert ranges(server) == [None]


@pytest.mark.parametrize("path", ["", "/", "/a%2Fb", "/.hidden"])
def test_an_address_without_a_file_name_is_refused(server, cache, path):
    with pytest.raises(UserError, match="no file name"):
        web.download_unknown(f"{server.address}{path}", cache)
    assert server.requests == []


def test_a_server_that_ignores_ranges_makes_it_start_over(server, cache, tmp_path):
    server.ranges = False
    server.breaks = [2 * CHUNK]
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == [None, f"bytes={2 * CHUNK}-"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_passing_refusal_is_tried_again(server, cache, tmp_path, status, capsys):
    server.statuses = [status, status]
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert len(server.requests) == 3
    assert f"{status}" in capsys.readouterr().err


def test_the_third_refusal_is_an_error(server, cache, tmp_path):
    server.statuses = [500] * 9
    with pytest.raises(UserError, match=r"/a\.bin: .*500.*run again"):
        web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert len(server.requests) == 3


def test_a_download_that_breaks_often_arrives_as_long_as_it_makes_progress(server, cache, tmp_path):
    server.breaks = [1001] * 15
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert len(server.requests) == 16


def test_a_download_that_stops_making_progress_keeps_what_arrived(server, cache, tmp_path):
    server.breaks = [1001, 0, 0, 0, 0]
    file = url_file(server)
    with pytest.raises(UserError, match=r"/a\.bin: .*run again") as error:
        web.download_file(file, tmp_path / "a.bin", cache)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "a.bin").exists()
    assert (cache / f"{file.sha256}.partial").read_bytes() == CONTENT[:1001]
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("status", "advice"), [(400, "address"), (401, "access"), (403, "access"), (404, "address"), (410, "address")]
)
def test_a_lasting_refusal_is_not_tried_again(server, cache, tmp_path, status, advice):
    server.statuses = [status]
    with pytest.raises(UserError, match=rf"/a\.bin: .*{status}.*{advice}") as error:
        web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert len(server.requests) == 1
    assert "\n" not in str(error.value)
    assert list(cache.iterdir()) == []


def test_a_wrong_checksum_names_the_file_and_both_sums_and_keeps_nothing(server, cache, tmp_path):
    file = url_file(server, b"other content")
    found = hashlib.sha256(CONTENT).hexdigest()
    with pytest.raises(UserError, match=rf"^a\.bin: .*checksum.*{found}.*{file.sha256}") as error:
        web.download_file(file, tmp_path / "a.bin", cache)
    assert "\n" not in str(error.value)
    assert list(cache.iterdir()) == []
    assert not (tmp_path / "a.bin").exists()


def test_a_server_that_cannot_be_reached_is_named(cache, tmp_path):
    file = UrlFile(url="http://127.0.0.1:9/a.bin", sha256="0" * 64, name="a.bin")
    with pytest.raises(UserError, match=r"^http://127\.0\.0\.1:9/a\.bin: .*run again"):
        web.download_file(file, tmp_path / "a.bin", cache)


def test_the_wait_between_attempts_doubles(server, cache, tmp_path, monkeypatch, capsys):
    waits = []
    monkeypatch.setattr(web, "BACKOFF_SECONDS", 1.0)
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waits.append))
    server.statuses = [502, 502]
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert waits == [1.0, 2.0]
    assert "trying again in 2 s" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("0", 1.0), ("Fri, 31 Dec 1999 23:59:59 GMT", 1.0), ("-1", 1.0)]
)
def test_a_busy_server_says_how_long_to_wait_within_a_minute(server, cache, tmp_path, monkeypatch, asked, waited):
    waits = []
    monkeypatch.setattr(web, "BACKOFF_SECONDS", 1.0)
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waits.append))
    server.statuses, server.retry_after = [429], asked
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert waits == [waited]


def test_an_answer_of_unknown_length_that_was_cut_off_is_fetched_once_more(server, cache, tmp_path, capsys):
    server.lengths, server.breaks = False, [1001]
    web.download_file(url_file(server), tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == [None, None]
    assert "once more from the start" in capsys.readouterr().err


def test_pieces_of_two_versions_are_replaced_by_the_whole_file(server, cache, tmp_path):
    file = url_file(server)
    (cache / f"{file.sha256}.partial").write_bytes(b"an older version")
    web.download_file(file, tmp_path / "a.bin", cache)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert ranges(server) == ["bytes=16-", None]


def test_a_server_that_drips_is_left_and_what_arrived_is_kept(server, cache, tmp_path, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.2)
    server.pause = 0.02
    file = url_file(server)
    with pytest.raises(UserError, match=r"/a\.bin: less than 1 kB/s; run again later"):
        web.download_file(file, tmp_path / "a.bin", cache)
    kept = (cache / f"{file.sha256}.partial").read_bytes()
    assert kept and CONTENT.startswith(kept)


def test_passwords_and_signatures_are_not_printed(server, cache, tmp_path, capsys):
    file = url_file(server)
    secret = server.address.replace("http://", "http://user:SECRET@") + "/a.bin?token=SECRET"
    server.statuses = [502, 404]
    with pytest.raises(UserError) as error:
        web.download_file(file.model_copy(update={"url": secret}), tmp_path / "a.bin", cache)
    assert str(error.value).startswith(f"{server.address}/a.bin: ")
    assert "SECRET" not in str(error.value) + capsys.readouterr().err
