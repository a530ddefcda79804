"""Chat templates: how a conversation becomes one string, stored with every model.

Templates are Jinja, in the form that transformers and llama.cpp share. BELLE printed its own in several forms
(docs/tokens.md); the two here are the one of all its training code since 2023-05-09 and the one before.
"""

import json
from pathlib import Path
from typing import Any

from belle.config.model import TemplateName
from belle.errors import UserError
from belle.files import fresh_file, write_json

TEMPLATE_FILE = "chat_template.jinja"
TOKENIZER_CONFIG = "tokenizer_config.json"

_TURNS = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] + '\\n\\n' }}"
    "{% elif message['role'] == 'user' %}{{ 'HUMAN' + message['content'] }}"
    "{% else %}{{ 'ASSISTANT' + message['content'] + eos_token }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT' }}{% endif %}"
)


def _belle(human: str, assistant: str) -> str:
    return _TURNS.replace("HUMAN", human).replace("ASSISTANT", assistant)


TEMPLATES: dict[str, str] = {
    "belle": _belle("Human: \\n", "\\n\\nAssistant: \\n"),
    "belle-2023-04": _belle("Human: ", "\\n\\nAssistant: "),
}
"""Name to Jinja source. BELLE has no system prompt; here one stands before the first turn, with a blank line."""


def store_template(model_dir: Path, name: TemplateName) -> None:
    """Store the named chat template in a model directory; `model` keeps the one its tokenizer brings.

    Raises:
        UserError: `model` was asked for and the directory brings none, the template depends on the date, or
            `tokenizer_config.json` is broken.
    """
    config_path = model_dir / TOKENIZER_CONFIG
    config = read_object(config_path) if config_path.exists() else {}
    own = model_dir / TEMPLATE_FILE
    brought = own.read_text(encoding="utf-8") if own.exists() else config.get("chat_template")
    template = choose_template(name, brought)
    refuse_unusable(template, str(model_dir))
    if config.pop("chat_template", None) is not None:
        write_json(config_path, config)
    with fresh_file(own) as partial:
        partial.write_text(template, encoding="utf-8")


def read_object(path: Path) -> dict[str, Any]:
    """Read a model's JSON file, a mapping such as `config.json`.

    Raises:
        UserError: it is broken or holds something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UserError(f"{path.name}: broken or cut off: expected one JSON object; repair or fetch the model again")
    return found


def choose_template(name: TemplateName, brought: str | None) -> str | None:
    """Jinja source of the named template; `model` is the one that a tokenizer brings, None when it brings none."""
    return brought if name == "model" else TEMPLATES[name]


def refuse_unusable(template: str | None, where: str) -> None:
    """Refuse a missing chat template, and one whose text changes with the date (it could not be repeated)."""
    choices = ", ".join(TEMPLATES)
    if not template:
        raise UserError(f"{where}: its tokenizer brings no chat template; choose one of {choices} instead of 'model'")
    if "strftime_now" in template:
        raise UserError(f"{where}: its chat template writes today's date into every prompt; choose one of {choices}")
