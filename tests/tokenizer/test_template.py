import json
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.tokenizer.template import TEMPLATES, choose_template, store_template, usable_template

MESSAGES = [
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "你好！"},
    {"role": "user", "content": "再见"},
    {"role": "assistant", "content": "再见！"},
]
SYSTEM = {"role": "system", "content": "简短"}
DATED = "{{ strftime_now('%d %b %Y') }}{{ messages[0]['content'] }}"


def rendered(name: str, messages: list[dict[str, str]], ask: bool = False) -> str:
    from transformers.utils.chat_template_utils import render_jinja_template

    texts, _ = render_jinja_template(
        conversations=[messages], chat_template=TEMPLATES[name], add_generation_prompt=ask, eos_token="</s>"
    )
    return texts[0]


@pytest.mark.parametrize(
    ("name", "messages", "ask", "text"),
    [
        ("belle", MESSAGES[:2], False, "Human: \n你好\n\nAssistant: \n你好！</s>"),
        ("belle", MESSAGES[:1], True, "Human: \n你好\n\nAssistant: \n"),
        (
            "belle",
            MESSAGES,
            False,
            "Human: \n你好\n\nAssistant: \n你好！</s>Human: \n再见\n\nAssistant: \n再见！</s>",
        ),
        ("belle", [SYSTEM, *MESSAGES[:1]], True, "简短\n\nHuman: \n你好\n\nAssistant: \n"),
        ("belle-2023-04", MESSAGES[:2], False, "Human: 你好\n\nAssistant: 你好！</s>"),
        ("belle-2023-04", MESSAGES[:3], True, "Human: 你好\n\nAssistant: 你好！</s>Human: 再见\n\nAssistant: "),
    ],
)
def test_belle_templates_to_the_letter(name, messages, ask, text) -> None:
    assert rendered(name, messages, ask) == text


def test_stored_template_replaces_the_one_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "old", "model_max_length": 9}')
    store_template(tmp_path, "belle")
    assert (tmp_path / "chat_template.jinja").read_text(encoding="utf-8") == TEMPLATES["belle"]
    assert json.loads((tmp_path / "tokenizer_config.json").read_text()) == {"model_max_length": 9}


@pytest.mark.parametrize("place", ["file", "configuration"])
def test_model_keeps_the_template_it_brings(place, tmp_path: Path) -> None:
    if place == "file":
        (tmp_path / "chat_template.jinja").write_text("mine")
    else:
        (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "mine"}')
    store_template(tmp_path, "model")
    assert (tmp_path / "chat_template.jinja").read_text() == "mine"


@pytest.mark.parametrize(("name", "expected"), [("model", "brought"), ("belle", TEMPLATES["belle"])])
def test_choice(name, expected) -> None:
    assert choose_template(name, "brought") == expected


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (None, "brings no chat template; choose one of belle, belle-2023-04 instead of 'model'"),
        ("", "brings no chat template"),
        (DATED, "writes today's date into every prompt; choose one of belle, belle-2023-04"),
    ],
)
def test_unusable_templates_are_refused_with_the_way_out(template, message) -> None:
    with pytest.raises(UserError, match=f"^models/base: its .*{message}"):
        usable_template(template, "models/base")


@pytest.mark.parametrize("content", [b"", b'{"chat_template": "mi', b"[]", b'{"a": "\xff"}', b"[" * 200_000])
def test_broken_configuration_is_named(content, tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"^tokenizer_config\.json: broken or cut off"):
        store_template(tmp_path, "belle")


def test_refused_template_leaves_the_directory_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": DATED}))
    with pytest.raises(UserError, match="today's date"):
        store_template(tmp_path, "model")
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer_config.json"]
    assert json.loads((tmp_path / "tokenizer_config.json").read_text()) == {"chat_template": DATED}
