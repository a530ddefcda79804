"""`belle judge`: what is exported or submitted is what the stage asks for, and comes back as its replies."""

import json
import re
import shutil
from pathlib import Path

import pytest
from dvc.repo import Repo

from batch_server import json_lines, serve_batches
from belle.config.base import load_profile
from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile
from belle.config.judging import planned_judging
from belle.config.write_downloads import write_downloads
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.files import write_json
from belle.judge import commands
from belle.judge.judge import judge_variant
from belle.judge.material import read_material
from chat_server import completion
from judge.factories import PROMPTS, answers_to, belle_set


def write_lines(path: Path, rows: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json_lines([row.model_dump() for row in rows]))


@pytest.fixture
def workspace(change, monkeypatch):
    """Answers of two variants to eight questions, a judge, and no DVC."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("DVC_ROOT", raising=False)
    change("params.yaml", {"evaluate.scorer": "judge", "evaluate.set": "belle"})
    write_downloads(Path("data/check"))
    questions = belle_set(8)
    write_lines(Path("data/eval/questions.jsonl"), questions)
    write_json(Path("data/eval/judge_prompts.json"), PROMPTS)
    write_lines(Path("eval/unquantized/answers.jsonl"), answers_to(questions))
    write_lines(Path("eval/gptq-int4/answers.jsonl"), answers_to(questions, q_0="另一个回答。"))
    return change


def judge(variant: str, out: Path) -> None:
    judging = planned_judging().judging
    profiles = {name: load_profile(EndpointProfile, "endpoint", one.endpoint) for name, one in judging.judges.items()}
    out.mkdir()
    judge_variant(judging, profiles, BudgetParams(tokens=None, money=None), read_material(variant), ReplyStore, out)


def results_of(lines: list[dict]) -> list[dict]:
    body = json.loads(completion("得分: 0.7"))
    return [{"custom_id": one["custom_id"], "response": {"status_code": 200, "body": body}} for one in lines]


def test_an_exported_file_answered_elsewhere_is_all_that_the_stage_needs(workspace, tmp_path, capsys):
    commands.export(Path("out"))
    (path,) = Path("out").iterdir()
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    # equal answers of two variants are one request
    assert len({one["custom_id"] for one in lines}) == len(lines) > 9
    Path("results.jsonl").write_bytes(json_lines(results_of(lines)))
    commands.fetch(Path("results.jsonl"))
    (first, *_), _ = estimated(capsys)
    assert first[2:4] == ["0", str(len(lines) - 1)]
    workspace("configs/endpoint/local.yaml", {"base_url": "http://127.0.0.1:9/v1"})
    for variant in ("unquantized", "gptq-int4"):
        judge(variant, tmp_path / variant)
        scored = (tmp_path / variant / "judgments.jsonl").read_text().splitlines()
        assert len(scored) == 8
    commands.export(Path("nothing"))
    assert not Path("nothing").exists()


def test_a_batch_of_one_variant_is_all_that_the_stage_needs(workspace, tmp_path):
    with serve_batches() as server:
        workspace("configs/endpoint/local.yaml", {"base_url": server.address})
        commands.submit(["unquantized"])
        commands.submit(["unquantized"])
        assert len(server.batches) == 1
        server.end("completed", results_of(server.lines()))
        commands.fetch()
    judge("unquantized", tmp_path / "out")
    assert len((tmp_path / "out/replies.jsonl").read_text().splitlines()) == len(server.lines())


def test_with_a_schema_the_probe_is_part_of_the_file(workspace):
    workspace("params.yaml", {"evaluate.judge.output": "json"})
    commands.export(Path("out"), ["unquantized"])
    (path,) = Path("out").iterdir()
    bodies = [json.loads(line)["body"] for line in path.read_bytes().splitlines()]
    assert "response_format" not in bodies[0] and all("response_format" in body for body in bodies[1:])


def estimated(capsys, *arguments) -> tuple[list[list[str]], str]:
    """Cells of the lines below the heading, and what was said on stderr."""
    commands.estimate(*arguments)
    shown = capsys.readouterr()
    lines = [re.split(r" {2,}", line.strip()) for line in shown.out.splitlines()]
    return [line for line in lines if line[0] in ("unquantized", "gptq-int4", "all")], shown.err


def test_what_is_missing_and_what_that_costs_by_variant_and_in_all(workspace, capsys):
    workspace("configs/endpoint/local.yaml", {"input_price": 2.0, "output_price": 3.0})
    (first, second, total), notes = estimated(capsys)
    assert first[:4] == ["unquantized", "local: local", "23", "23"] and first[-2:] == ["?", "?"]
    # of the other variant one answer differs; equal ones are asked about once
    assert second[:4] == ["gptq-int4", "local: local", "1", "1"] and total[:3] == ["all", "24", "24"]
    number = [float(line[-4].replace(",", "")) for line in (first, second, total)]
    price = [float(line[-3].removesuffix(" USD")) for line in (first, second, total)]
    assert number[2] == number[0] + number[1] and price[2] == pytest.approx(price[0] + price[1], rel=1e-3)
    assert notes == ""
    commands.export(Path("out"))
    (path,) = Path("out").iterdir()
    Path("results.jsonl").write_bytes(json_lines(results_of([json.loads(path.read_bytes().splitlines()[-1])])))
    commands.fetch(Path("results.jsonl"))
    (first, _, total), _ = estimated(capsys)
    assert total[1:3] == ["23", "24"] and "?" not in first and total[-1].endswith(" USD")


def test_two_judges_and_a_price_that_nobody_knows(workspace, capsys):
    workspace("configs/endpoint/openai.yaml", {"input_price": 2.0, "output_price": 3.0, "currency": "CNY"})
    lines, _ = estimated(capsys, ["unquantized"], ["evaluate.judge.second_endpoint=openai"])
    assert [line[0] for line in lines] == ["unquantized", "unquantized", "all"]
    assert re.fullmatch(r"0 USD \+ [\d.]+ CNY", lines[2][-3])
    workspace("configs/endpoint/local.yaml", {"input_price": None, "output_price": None})
    workspace("params.yaml", {"evaluate.judge.budget.tokens": 10**9})
    assert estimated(capsys, ["unquantized"])[0][0][-3] == "?"


def test_overrides_ask_before_params_yaml_is_changed(workspace, capsys):
    workspace("params.yaml", {"evaluate.scorer": "metrics"})
    (line,), _ = estimated(capsys, ["unquantized"], ["evaluate.scorer=judge", "evaluate.judge.repeats=3"])
    assert line[2:4] == ["39", "39"]
    with pytest.raises(UserError, match="set it to judge or both"):
        commands.estimate()
    with pytest.raises(UserError, match=r"evaluate\.judge\.repeats"):
        commands.estimate(None, ["evaluate.scorer=judge", "evaluate.judge.repeats=0"])
    with pytest.raises(UserError, match=r"^-S: only evaluate\.scorer and evaluate\.judge may change here"):
        commands.estimate(None, ["evaluate.scorer=judge", "evaluate.limit=4"])


def test_answers_to_another_set_are_refused_and_those_of_another_state_noted(workspace, capsys):
    shutil.copy("configs/eval/belle.yaml", "configs/eval/other.yaml")
    with pytest.raises(UserError, match=r"answers are to the set belle, and evaluate\.set is other; run `dvc repro"):
        commands.estimate(None, ["evaluate.set=other"])
    Repo.init(no_scm=True).close()
    stages = {
        name: {"cmd": "true", "outs": [f"eval/{out}"]} for name, out in (("check", "a"), ("generate", "unquantized"))
    }
    write_json(Path("dvc.yaml"), {"stages": stages})
    _, notes = estimated(capsys, ["unquantized"])
    assert notes.splitlines() == ["note: eval: `dvc repro generate` would run 1 stage (generate): answers may change"]


def test_without_answers_it_says_what_to_do(workspace):
    with pytest.raises(UserError, match=r"eval/gguf-q8_0/answers\.jsonl: no such file; run `dvc repro gener.*@gguf"):
        commands.estimate(["gguf-q8_0"])
    with pytest.raises(UserError, match=r"--variant: 'gptq' is none of this experiment; there are: unquantized, gptq-"):
        commands.estimate(["gptq"])
    shutil.rmtree("eval")
    with pytest.raises(UserError, match="dvc repro generate"):
        commands.estimate()
