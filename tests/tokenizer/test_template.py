import json
from pathlib import Path
from typing import Any

import pytest

from belle.errors import UserError
from belle.tokenizer.template import TEMPLATES, choose_template, store_template, usable_template
from factories import conversation
from qwen3_template import QWEN3, THOUGHT_NOTHING

MESSAGES = conversation("你好", "你好！", "再见", "再见！")
DATED = "{{ strftime_now('%d %b %Y') }}{{ messages[0]['content'] }}"


def rendered(name: str, messages: list[dict[str, str]], add_generation_prompt: bool) -> str:
    from transformers.utils.chat_template_utils import render_jinja_template

    texts, _ = render_jinja_template(
        conversations=[messages],
        chat_template=TEMPLATES[name],
        add_generation_prompt=add_generation_prompt,
        eos_token="</s>",
    )
    return texts[0]


def stored(model_dir: Path) -> dict[str, Any]:
    return json.loads((model_dir / "tokenizer_config.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "messages", "add_generation_prompt", "text"),
    [
        ("belle", MESSAGES[:2], False, "Human: \n你好\n\nAssistant: \n你好！</s>"),
        ("belle", MESSAGES[:1], True, "Human: \n你好\n\nAssistant: \n"),
        (
            "belle",
            MESSAGES,
            False,
            "Human: \n你好\n\nAssistant: \n你好！</s>Human: \n再见\n\nAssistant: \n再见！</s>",
        ),
        ("belle", conversation("你好", system="简短"), True, "简短\n\nHuman: \n你好\n\nAssistant: \n"),
        ("belle-2023-04", MESSAGES[:2], False, "Human: 你好\n\nAssistant: 你好！</s>"),
        ("belle-2023-04", MESSAGES[:3], True, "Human: 你好\n\nAssistant: 你好！</s>Human: 再见\n\nAssistant: "),
    ],
)
def test_belles_templates_render_to_the_letter(name, messages, add_generation_prompt, text):
    assert rendered(name, messages, add_generation_prompt) == text


def test_the_stored_template_replaces_the_one_in_the_configuration(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "old", "model_max_length": 9}')
    store_template(tmp_path, "belle")
    assert stored(tmp_path) == {"chat_template": TEMPLATES["belle"], "model_max_length": 9}


@pytest.mark.parametrize("brought_in", ["file", "configuration"])
def test_a_model_keeps_the_template_it_brings(brought_in, tmp_path):
    if brought_in == "file":
        (tmp_path / "chat_template.jinja").write_text("mine")
    else:
        (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "mine"}')
    store_template(tmp_path, "model")
    assert stored(tmp_path)["chat_template"] == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer_config.json"]


@pytest.mark.parametrize(("name", "expected"), [("model", "brought"), ("belle", TEMPLATES["belle"])])
def test_the_name_model_chooses_the_template_that_was_brought(name, expected):
    assert choose_template(name, "brought") == expected


@pytest.mark.parametrize("asked", [{}, {"enable_thinking": True}, {"enable_thinking": False}])
def test_a_template_that_can_think_is_told_not_to_whoever_renders_it(asked):
    from transformers.utils.chat_template_utils import render_jinja_template

    template = choose_template("model", QWEN3)
    assert choose_template("model", template) == template
    asked |= {"chat_template": template, "add_generation_prompt": True, "eos_token": "</s>"}
    (text,), _ = render_jinja_template([MESSAGES[:1]], **asked)
    assert text.endswith("<|im_start|>assistant\n" + THOUGHT_NOTHING)


@pytest.mark.parametrize(
    ("template", "problem"), [(None, "no chat template"), ("", "no chat template"), (DATED, "date")]
)
def test_an_unusable_template_is_refused_with_the_names_to_choose_from(template, problem):
    with pytest.raises(UserError, match=rf"^models/base: .*{problem}.*belle, belle-2023-04"):
        usable_template(template, "models/base")


@pytest.mark.parametrize("content", [b"", b'{"chat_template": "mi', b"[]", b'{"a": "\xff"}', b"[" * 200_000])
def test_a_broken_configuration_is_named(content, tmp_path):
    (tmp_path / "tokenizer_config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"^tokenizer_config\.json: "):
        store_template(tmp_path, "belle")


def test_a_refused_template_leaves_the_directory_as_it_was(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": DATED}))
    with pytest.raises(UserError, match="date"):
        store_template(tmp_path, "model")
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer_config.json"]
    assert json.loads((tmp_path / "tokenizer_config.json").read_text()) == {"chat_template": DATED}
