"""What a Hugging Face model is, by its config.json and its tokenizer; no weights are read."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from belle.config.model import Architecture, TemplateName
from belle.errors import UserError
from belle.files import read_json_object
from belle.tokenizer.special_tokens import fill_special_tokens
from belle.tokenizer.template import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

REPAIR = "repair or fetch the model again"
EXAMPLE = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "你好！"}]


@dataclass(frozen=True)
class ModelFacts:
    """A model as its profile describes it.

    Attributes:
        architecture: `model_type` of its config.json.
        sizes: what config.json says of widths, layers, heads, vocabulary and positions, under the names of the profile.
        parameters: number of weights, tied ones counted once.
        tokenizer: class and size of the vocabulary.
        template: name of the chat template to store.
        reason: why it is that one.
        example: a conversation of one turn in that template.
    """

    architecture: str
    sizes: dict[str, int | bool | None]
    parameters: int
    tokenizer: str
    template: TemplateName
    reason: str
    example: str

    def profile(self) -> dict[str, Any]:
        """Return the keys of a model profile that describe the model."""
        return {"architecture": self.architecture, **self.sizes, "template": self.template}

    def lines(self) -> list[str]:
        """Return what is shown to people."""
        return [
            f"architecture: {self.architecture}, hidden_size {self.sizes['hidden_size']}, "
            f"intermediate_size {self.sizes['intermediate_size']}, {self.sizes['num_hidden_layers']} layers, "
            f"{self.sizes['max_position_embeddings'] or 'unlimited'} positions",
            f"parameters: {self.parameters:,}",
            f"tokenizer: {self.tokenizer}",
            f"template: {self.template} ({self.reason})",
            *(f"  | {line}" for line in self.example.splitlines()),
        ]


def read_facts(folder: Path, origin: str, template: TemplateName | None) -> ModelFacts:
    """Return the facts of the model whose config.json and tokenizer files lie in a folder of one's own.

    Args:
        folder: empty special tokens are filled in there, as the download does.
        origin: what errors call the model.
        template: chat template asked for, None to choose.

    Raises:
        UserError: an unknown architecture, or a tokenizer or template that cannot be used.
    """
    from transformers import AutoConfig

    written = read_json_object(folder / "config.json", REPAIR, f"{origin}: config.json")
    known = get_args(Architecture)
    if (kind := written.get("model_type")) not in known:
        raise UserError(f"{origin}: config.json: model_type is {kind!r}; known architectures: {', '.join(known)}")
    fill_special_tokens(folder)
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    tokenizer = _tokenizer(folder, origin)
    name, reason = _template(tokenizer.chat_template, template)
    return ModelFacts(
        architecture=str(kind),
        sizes=_sizes(config) | {"max_position_embeddings": written.get("max_position_embeddings")},
        parameters=_parameters(config),
        tokenizer=f"{type(tokenizer).__name__}, {len(tokenizer):,} tokens",
        template=name,
        reason=reason,
        example=_example(tokenizer, name),
    )


def _sizes(config: Any) -> dict[str, int | bool | None]:
    """Return sizes under the names of the model profile; what BLOOM's config.json leaves out follows from the rest."""
    heads = config.num_attention_heads
    return {
        "hidden_size": config.hidden_size,
        "intermediate_size": getattr(config, "intermediate_size", 4 * config.hidden_size),
        "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": heads,
        "num_key_value_heads": getattr(config, "num_key_value_heads", heads),
        "head_dim": getattr(config, "head_dim", None) or config.hidden_size // heads,
        "vocab_size": config.vocab_size,
        "tie_word_embeddings": config.tie_word_embeddings,
    }


def _tokenizer(folder: Path, origin: str) -> "PreTrainedTokenizerBase":
    from belle.tokenizer.load import read_tokenizer

    tokenizer = read_tokenizer(folder)
    tokenizer.name_or_path = origin
    return tokenizer


def _template(brought: str | None, asked: TemplateName | None) -> tuple[TemplateName, str]:
    """Return the chat template to store, and why."""
    if asked is not None:
        return asked, "as asked for"
    if not brought:
        return "belle", "its tokenizer brings none"
    if "strftime_now" in brought:
        return "belle", "its tokenizer's own writes the date into every prompt"
    return "model", "its tokenizer's own"


def _example(tokenizer: "PreTrainedTokenizerBase", template: TemplateName) -> str:
    from belle.tokenizer.encode import ChatEncoder

    tokenizer.chat_template = choose_template(template, tokenizer.chat_template)
    # refuses a template or a tokenizer that training would refuse
    return str(ChatEncoder(tokenizer).tokenizer.apply_chat_template(EXAMPLE, tokenize=False))


def _parameters(config: Any) -> int:
    """Count the weights of a model that is built without memory for them."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        return int(AutoModelForCausalLM.from_config(config).num_parameters())
