"""`belle add data` on files of one's own; on the hub in test_hub_origin.py."""

import gzip
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from belle.add.data import RowOptions, add_data
from belle.add.options import Given
from belle.add.records import Part
from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.data import DataDownload, DataProfile
from belle.config.downloads import Downloads
from belle.config.inputs import tracked_hash
from belle.download.data import download_data
from belle.errors import UserError

OWN = Given(license="private")
CHAT = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "你好！"}]
ROWS = {
    "alpaca": {"instruction": "翻译", "input": "猫", "output": "cat 是猫"},
    "belle": {"input": "你好", "target": "你好！"},
    "belle-multiturn": {"instruction": "Human:你好\nAssistant:", "output": "你好！"},
    "sharegpt": {"conversations": [{"from": "human", "value": "你好"}, {"from": "gpt", "value": "你好！"}]},
    "openai": {"messages": CHAT},
    "conversations": {"id": "1", "source": "s", "language": "zh", "category": None, "messages": CHAT},
    "text": {"text": "从前有座山。"},
}


@pytest.mark.parametrize("data_format", ROWS)
@pytest.mark.parametrize("array", [True, False])
def test_every_format_is_recognized(own, change, capsys, data_format, array):
    path = own("mine.json", *[ROWS[data_format]] * 4)
    if array:
        path.write_text(json.dumps([ROWS[data_format]] * 4))
    add_data(str(path), OWN)
    profile = load_profile(DataProfile, "data", "mine")
    assert (profile.format, profile.language, profile.license, profile.homepage) == (data_format, "zh", "private", None)
    assert profile.source.path == "inputs/mine.json"
    assert Path("inputs/mine.json").read_bytes() == path.read_bytes()
    assert len(tracked_hash("inputs/mine.json")) == 32
    key = "data.texts.sources" if data_format == "text" else "data.sources"
    change("params.yaml", {key: ["mine"]})
    assert find_problems() == []
    said = capsys.readouterr().out
    assert "mine-3" in said and "mine-4" not in said and "4 rows" in said
    assert said.splitlines()[-1] == f"  dvc exp run -S '{key}=[mine]'"


def test_all_that_is_not_recognized_is_asked_for_at_once(own):
    with pytest.raises(UserError) as error:
        add_data(str(own("mine.jsonl", {"question": "who"})), Given())
    lines = str(error.value).splitlines()
    assert [
        option for option, line in zip(("--format", "--language", "--license"), lines, strict=True) if option in line
    ]
    assert "question" in lines[0]
    assert not Path("inputs").exists() and not Path("configs/data/mine.yaml").exists()


def test_options_stand_for_what_is_not_recognized(own):
    path = own("Meine Daten.jsonl", {"instruction": "who", "output": "me"})
    add_data(str(path), Given("mine", "CC0-1.0", "https://example.org"), RowOptions("belle", "en"))
    profile = load_profile(DataProfile, "data", "mine")
    assert (profile.format, profile.language, profile.license) == ("belle", "en", "CC0-1.0")
    assert profile.homepage == "https://example.org"
    add_data(str(path), OWN, RowOptions(language="en"))
    assert Path("configs/data/meine-daten.yaml").exists()


def test_rows_that_do_not_fit_leave_nothing_behind(own):
    path = own("mine.jsonl", ROWS["alpaca"], ROWS["alpaca"] | {"output": None})
    with pytest.raises(UserError, match=r"^mine\.jsonl: row 2: key 'output'"):
        add_data(str(path), OWN)
    assert not Path("inputs").exists() and not Path("configs/data/mine.yaml").exists()


def test_an_option_that_the_schema_refuses_leaves_nothing_behind(own):
    with pytest.raises(UserError, match=r"^configs/data/mine\.yaml: language: "):
        add_data(str(own("mine.jsonl", ROWS["alpaca"])), OWN, RowOptions(language="Chinese"))
    assert not Path("inputs").exists() and not Path("configs/data/mine.yaml").exists()


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_another_encoding_is_named(own, encoding):
    path = own("mine.jsonl", ROWS["text"])
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    with pytest.raises(UserError, match=r"not UTF-8.*iconv"):
        add_data(str(path), OWN)


def test_other_kinds_of_files_are_refused(own):
    with pytest.raises(UserError, match=r"expected rows in one of the formats .*\.csv.*mine\.txt"):
        add_data(str(own("mine.txt", ROWS["text"])), OWN)


def test_other_names_of_columns_are_recognized_and_shown(own, capsys):
    path = own("mine.jsonl", *[{"question": "你好吗", "response": "我很好", "context": ""}] * 2)
    add_data(str(path), OWN)
    profile = load_profile(DataProfile, "data", "mine")
    assert profile.format == "alpaca"
    assert profile.columns == {"instruction": "question", "input": "context", "output": "response"}
    said = capsys.readouterr().out
    assert "user: 你好吗" in said and "columns instruction: question, input: context, output: response" in said


def test_html_is_recognized_and_shown_as_markdown(own, capsys):
    turns = [{"from": "human", "value": "你好"}, {"from": "gpt", "value": "<div><p>你<strong>好</strong></p></div>"}]
    add_data(str(own("mine.jsonl", {"conversations": turns})), OWN)
    assert load_profile(DataProfile, "data", "mine").html_to_markdown
    said = capsys.readouterr().out
    assert "assistant: 你**好**" in said and "converted to Markdown" in said


def test_columns_are_named_by_options(own):
    path = own("mine.jsonl", {"frage": "你好吗", "antwort": "我很好"})
    columns = ["instruction=frage", "output=antwort"]
    add_data(str(path), OWN, RowOptions(columns=columns))
    assert load_profile(DataProfile, "data", "mine").columns == {"instruction": "frage", "output": "antwort"}
    for wrong, problem in ((["frage"], "--column: frage"), (["question=frage"], "columns: the format alpaca reads no")):
        with pytest.raises(UserError, match=problem):
            add_data(str(path), Given("other", "private"), RowOptions("alpaca", "zh", wrong))


def test_rows_that_do_not_fit_are_left_out_where_asked(own, capsys):
    path = own("mine.jsonl", ROWS["alpaca"], {"instruction": "no answer"}, ROWS["alpaca"])
    with pytest.raises(UserError, match=r"row 2: .*\n.*--max-malformed"):
        add_data(str(path), OWN)
    add_data(str(path), OWN, RowOptions(max_malformed=5))
    broken = own("broken.jsonl", *[ROWS["alpaca"]] * 2)
    broken.write_text("{\n" * 15 + broken.read_text())
    with pytest.raises(UserError, match=r"rows 1, 2, .*\n.*\n.*--max-malformed"):
        add_data(str(broken), Given("broken", "private"))
    capsys.readouterr()
    add_data(str(broken), Given("broken", "private"), RowOptions(max_malformed=15))
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("left out: broken.jsonl") for line in lines) == 10
    assert "left out: 5 more rows" in lines
    add_data(str(path), Given("mine", "private", force=True), RowOptions(max_malformed=5))
    lines = capsys.readouterr().out.splitlines()
    assert "left out: mine.jsonl: row 2: key 'output' is missing; the row has 'instruction'" in lines
    assert lines[-1] == "  dvc exp run -S 'data.sources=[mine]' -S 'data.max_malformed=1'"


def test_data_of_which_no_row_fits_are_refused(own):
    path = own("mine.jsonl", {"instruction": "no answer"}, {"instruction": "none either"})
    with pytest.raises(UserError, match="none of its 2 rows fits the format alpaca"):
        add_data(str(path), OWN, RowOptions("alpaca", "zh", max_malformed=5))
    assert not Path("inputs").exists() and not Path("configs/data/mine.yaml").exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl.gz", "parquet"])
def test_files_of_every_kind_are_added(own, ending):
    table = pa.Table.from_pylist([ROWS["alpaca"]] * 2)
    path = own("x", ROWS["alpaca"]).with_name(f"mine.{ending}")
    if ending == "csv":
        pa.csv.write_csv(table, path)
    elif ending == "parquet":
        pq.write_table(table, path)
    else:
        path.write_bytes(gzip.compress(json.dumps(ROWS["alpaca"]).encode()))
    add_data(str(path), OWN)
    profile = load_profile(DataProfile, "data", "mine")
    assert (profile.format, profile.language) == ("alpaca", "zh")
    # the import knows by the ending how a file is written
    assert profile.source.path == f"inputs/mine.{ending}"
    assert Path(profile.source.path).read_bytes() == path.read_bytes()


def test_a_url_is_pinned_by_its_checksum_and_not_fetched_again(own, server, tmp_path, capsys):
    content = own("rows.jsonl", *[ROWS["alpaca"]] * 2).read_bytes()
    server.files["/data/Rows.jsonl"] = content
    add_data(f"{server.address}/data/Rows.jsonl", OWN)
    profile = load_profile(DataProfile, "data", "rows")
    digest = hashlib.sha256(content).hexdigest()
    file = {"url": f"{server.address}/data/Rows.jsonl", "sha256": digest, "name": "Rows.jsonl"}
    assert profile.source.model_dump() == {"kind": "url", "files": [file]}
    assert "inputs" not in capsys.readouterr().out
    source = {"name": "rows", "profile": profile.model_dump(include=set(DataDownload.model_fields)), "tracked": None}
    wanted = {"limit": None, "max_malformed": 0, "sources": [source]}
    download_data("conversations", Downloads[DataDownload].model_validate(wanted), tmp_path / "raw")
    assert len(server.requests) == 1


def test_options_of_a_repository_are_refused_for_a_file(own):
    with pytest.raises(UserError, match="--split"):
        add_data(str(own("mine.jsonl", ROWS["alpaca"])), OWN, part=Part(split="train"))


@pytest.mark.parametrize("text", ["absent.jsonl", "./absent/file.jsonl", "a/b/c"])
def test_what_is_neither_a_file_nor_a_repository_is_named(text):
    with pytest.raises(UserError, match=f"^{text}: no such file"):
        add_data(text, OWN)


def test_a_profile_is_replaced_by_force_only(own):
    path = own("mine.jsonl", ROWS["alpaca"])
    add_data(str(path), OWN)
    before = tracked_hash("inputs/mine.jsonl")
    own("mine.jsonl", ROWS["belle"])
    with pytest.raises(UserError, match=r"^configs/data/mine\.yaml: .*--force.*--name"):
        add_data(str(path), OWN)
    assert tracked_hash("inputs/mine.jsonl") == before
    add_data(str(path), Given(license="private", force=True))
    assert load_profile(DataProfile, "data", "mine").format == "belle"
    assert tracked_hash("inputs/mine.jsonl") != before


def test_data_have_no_name_of_a_mixture(own):
    with pytest.raises(UserError, match=r"configs/mixture/zh-alpaca\.yaml: a mixture has this name"):
        add_data(str(own("mine.jsonl", ROWS["alpaca"])), Given("zh-alpaca", "private", force=True))
    assert not Path("configs/data/zh-alpaca.yaml").exists()


def test_another_file_below_inputs_is_not_replaced(own):
    path = own("mine.jsonl", ROWS["text"])
    Path("inputs").mkdir()
    Path("inputs/mine.jsonl").write_text("precious")
    with pytest.raises(UserError, match=r"^inputs/mine\.jsonl: .*--force.*--name"):
        add_data(str(path), OWN)
    assert Path("inputs/mine.jsonl").read_text() == "precious" and not Path("configs/data/mine.yaml").exists()


@pytest.mark.parametrize("name", ["a/b", "", "../x"])
def test_a_name_is_a_file_name(own, name):
    with pytest.raises(UserError, match=r"^--name: "):
        add_data(str(own("mine.jsonl", ROWS["text"])), Given(name or " ", "private"))


def test_a_file_that_lies_below_inputs_stays_where_it_is(own):
    path = Path("inputs/deep/mine.jsonl")
    path.parent.mkdir(parents=True)
    own("mine.jsonl", ROWS["text"]).rename(path)
    add_data(str(path), OWN)
    add_data(str(path.absolute()), Given("again", "private"))
    assert load_profile(DataProfile, "data", "again").source.path == "inputs/deep/mine.jsonl"
    assert sorted(one.name for one in Path("inputs").rglob("*") if one.is_file()) == ["mine.jsonl", "mine.jsonl.dvc"]


def test_a_folder_is_tracked_as_a_whole(own):
    folder = own("a.jsonl", ROWS["text"]).parent
    own("b.json", ROWS["text"])
    (folder / "notes.txt").write_text("x")
    add_data(str(folder), Given("both", "private"))
    assert load_profile(DataProfile, "data", "both").source.path == "inputs/both"
    assert Path("inputs/both.dvc").exists()


def test_rows_of_files_of_one_name_are_told_apart(own, capsys):
    folder = own("a.jsonl", ROWS["text"]).parent
    (folder / "deep").mkdir()
    for path in (folder / "a.jsonl", folder / "deep" / "a.jsonl"):
        path.write_text(f"{json.dumps(ROWS['text'])}\nbroken\n")
    add_data(str(folder), Given("both", "private"), RowOptions(max_malformed=2))
    left_out = [line.split(":")[1:3] for line in capsys.readouterr().out.splitlines() if line.startswith("left out")]
    assert left_out == [[" a.jsonl", " row 2"], [" deep/a.jsonl", " row 2"]]


def test_it_runs_at_the_root_of_the_repository_only(own, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(UserError, match=r"^params\.yaml: no such file; run this at the root"):
        add_data(str(own("mine.jsonl", ROWS["text"])), OWN)
