"""Chat templates: how a conversation becomes one string, stored with every model.

Templates are Jinja, in the form that transformers and llama.cpp share. BELLE printed its own in several forms
(docs/tokens.md); the two here are the one of all its training code since 2023-05-09 and the one before.
"""

from pathlib import Path

from belle.checkpoints.resolve import TOKENIZER_CONFIG
from belle.config.model import TemplateName
from belle.errors import UserError
from belle.files import read_json_object, write_json

TEMPLATE_FILE = "chat_template.jinja"

HUMAN, ASSISTANT = "Human: \n", "\n\nAssistant: \n"
"""Headers of BELLE's turns."""

_TURNS = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] + '\\n\\n' }}"
    "{% elif message['role'] == 'user' %}{{ 'HUMAN' + message['content'] }}"
    "{% else %}{{ 'ASSISTANT' + message['content'] + eos_token }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT' }}{% endif %}"
)


def _belle(human: str, assistant: str) -> str:
    human, assistant = (header.replace("\n", "\\n") for header in (human, assistant))
    return _TURNS.replace("HUMAN", human).replace("ASSISTANT", assistant)


TEMPLATES: dict[str, str] = {
    "belle": _belle(HUMAN, ASSISTANT),
    "belle-2023-04": _belle("Human: ", "\n\nAssistant: "),
}
"""Name to Jinja source. BELLE has no system prompt; here one stands before the first turn, with a blank line."""

THINKING_SWITCH = "enable_thinking"
NO_THINKING = "{% set " + THINKING_SWITCH + " = false %}"
"""Written before a template that has the switch, as Qwen3's: then whoever renders it (training, evaluation, llama.cpp,
vLLM) writes the same prompt, whatever its own default of the switch."""


def store_template(model_dir: Path, name: TemplateName) -> None:
    """Store the named chat template in a model directory; `model` keeps the one its tokenizer brings, not thinking.

    It stands in `tokenizer_config.json` alone, where every version of transformers looks; a `chat_template.jinja`
    beside it would be a second one.

    Raises:
        UserError: `model` was asked for and the directory brings none, the template depends on the date, or
            `tokenizer_config.json` is broken.
    """
    config_path = model_dir / TOKENIZER_CONFIG
    config = (
        read_json_object(config_path, "repair or fetch the model again", TOKENIZER_CONFIG)
        if config_path.exists()
        else {}
    )
    own = model_dir / TEMPLATE_FILE
    brought = own.read_text(encoding="utf-8") if own.exists() else config.get("chat_template")
    template = choose_template(name, brought)
    config["chat_template"] = usable_template(template, str(model_dir))
    write_json(config_path, config)
    own.unlink(missing_ok=True)


def choose_template(name: TemplateName, brought: str | None) -> str | None:
    """Return the Jinja source of the named template; for `model` the one that the tokenizer brings, or None.

    Where that one can have the model think before it answers, it is told not to: training data hold answers alone.
    """
    if name != "model":
        return TEMPLATES[name]
    if not brought or THINKING_SWITCH not in brought or brought.startswith(NO_THINKING):
        return brought
    return NO_THINKING + brought


def usable_template(template: str | None, where: str) -> str:
    """Return the template, or raise a UserError when there is none or when its text changes with the date."""
    choices = ", ".join(TEMPLATES)
    if not template:
        raise UserError(f"{where}: its tokenizer brings no chat template; choose one of {choices} instead of 'model'")
    if "strftime_now" in template:
        raise UserError(f"{where}: its chat template writes today's date into every prompt; choose one of {choices}")
    return template
