"""Values that tests of several folders share: conversations, questions and answers, sections of params.yaml, files."""

import io
import json
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from belle.config.base import read_yaml
from belle.config.clean import CleanParams
from belle.config.hardware import HardwareProfile
from belle.config.pretrain import PretrainParams
from belle.config.train import FullFinetuneParams, LoraParams
from belle.data.questions import Question
from belle.evaluate.answers import Answer

ROOT = Path(__file__).resolve().parents[1]
PARAMS = read_yaml(ROOT / "params.yaml")
"""The sections made here begin with the project's own values, so that a new knob needs no change of its tests."""
STALE = (
    "run: make generate; where a folder becomes single files, nothing imports one of them: is a registry line missing?"
)
"""What to do when a generated file is not current."""
TRAINING = {"learning_rate": 1e-3, "epochs": 1, "batch_size": 8, "warmup_ratio": 0.1, "weight_decay": 0.0}

MODEL_SIZES = {
    "hidden_size": 8,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 4,
    "vocab_size": 100,
    "tie_word_embeddings": True,
}
"""What a model profile says of a model's widths."""


def message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def conversation(*turns: str, system: str | None = None) -> list[dict[str, str]]:
    """Turns of the user and the assistant, alternating; a system message first when given."""
    roles = ("user", "assistant")
    opening = [] if system is None else [message("system", system)]
    return opening + [message(roles[index % 2], turn) for index, turn in enumerate(turns)]


def conversation_row(
    identity: str,
    *turns: str,
    system: str | None = None,
    source: str = "test",
    language: str = "zh",
    category: str | None = None,
) -> dict[str, Any]:
    """A row of data/raw/conversations.parquet."""
    return {
        "id": identity,
        "source": source,
        "language": language,
        "category": category,
        "messages": conversation(*turns, system=system),
    }


def text_row(identity: str, text: str | None, source: str = "test", language: str = "zh") -> dict[str, Any]:
    """A row of data/raw/texts.parquet."""
    return {"id": identity, "source": source, "language": language, "text": text}


def question(identity: str, text: str, reference: str | None = None, category: str = "open qa") -> Question:
    """A line of data/eval/questions.jsonl."""
    return Question(id=identity, question=text, reference=reference, category=category)


def write_json_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder: its bytes by its path in there."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


PEAK_MEMORY = """
def peak_megabytes():
    # ru_maxrss would begin with what the process that started this one holds
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
"""
"""Code of a function that a program run by a test may call (Linux)."""


WATCH_MEMORY = """
def anonymous() -> int:
    # pages of this process alone; files that are mapped may leave memory any time
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon")) * 1024

def watch() -> None:
    while not done:
        peaks.append(anonymous())
        time.sleep(0.002)
"""
"""Code of the same kind, for a thread: until `done` it appends to `peaks` the bytes of memory that is no file's."""


def open_handles() -> set[str]:
    """The files that this process has open (Linux)."""
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def clean_params(**changes: object) -> CleanParams:
    """Section `clean`; every filter is switched on, and thresholds that drop next to nothing."""
    params = {"min_characters": 1, "max_characters": 4000}
    for name in ("deduplicate", "decontaminate"):
        params[name] = PARAMS["clean"][name] | changes.pop(name, {})
    return CleanParams.model_validate(PARAMS["clean"] | params | changes)


def finetune_params(**changes: object) -> FullFinetuneParams:
    """Section `train.ft`."""
    return FullFinetuneParams.model_validate(PARAMS["train"]["ft"] | TRAINING | changes)


def pretrain_params(**changes: object) -> PretrainParams:
    """Section `pretrain`."""
    return PretrainParams.model_validate(PARAMS["pretrain"] | TRAINING | changes)


def lora_params(**changes: object) -> LoraParams:
    """Section `train.lora`."""
    adapter = {"rank": 4, "alpha": 8, "dropout": 0.0, "target_modules": "all-linear"}
    return LoraParams.model_validate(PARAMS["train"]["lora"] | TRAINING | adapter | changes)


def hardware(**changes: object) -> HardwareProfile:
    """A profile of configs/hardware: the CPU, in fp32, eight packed sequences at once."""
    profile = {
        "device": "cpu",
        "num_processes": 1,
        "micro_batch_size": 8,
        "precision": "fp32",
        "gradient_checkpointing": False,
    }
    return HardwareProfile.model_validate(read_yaml(ROOT / "configs/hardware/cpu.yaml") | profile | changes)


def answer(text: str, reference: str | None, category: str = "open qa", identity: str = "q1") -> Answer:
    """A line of answers.jsonl."""
    return Answer(id=identity, question="?", reference=reference, category=category, answer=text, tokens=1, stop="eos")


def heed_interrupts() -> None:
    """Let Ctrl-C end the process that calls this before it runs a command (`preexec_fn`).

    A shell has its background jobs ignore it, and the tests may be one.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def write_sentencepiece_model(folder: Path, lines: Iterable[str], vocab_size: int) -> None:
    """Train a SentencePiece BPE with LLaMA's options and write it as tokenizer.model, as LLaMA's is published.

    Its pieces of spaces get the lowest score too, whatever their ids.
    """
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type="bpe",
        vocab_size=vocab_size,
        byte_fallback=True,
        normalization_rule_name="identity",
        add_dummy_prefix=True,
        remove_extra_whitespaces=False,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        minloglevel=2,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    for piece in proto.pieces:
        if set(piece.piece) == {"\N{LOWER ONE EIGHTH BLOCK}"}:
            piece.score = -1e9
    (folder / "tokenizer.model").write_bytes(proto.SerializeToString())
