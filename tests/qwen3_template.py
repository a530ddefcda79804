"""A chat template that does with thinking what Qwen3's does, and a tokenizer with its tokens; tools are left out.

The last answer gets its thinking, or an empty one, before it; earlier answers lose theirs. The header of the next
answer opens no thinking, unless `enable_thinking` is false: then it has an empty one.
"""

from typing import TYPE_CHECKING

from belle.tokenizer.template import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

THOUGHT_NOTHING = "<think>\n\n</think>\n\n"
QWEN3 = (
    "{%- set query = namespace(index=-1) %}"
    "{%- for message in messages %}"
    "{%- if message.role == 'user' %}{%- set query.index = loop.index0 %}{%- endif %}"
    "{%- endfor %}"
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.role == 'assistant' %}"
    "{%- set parts = message.content.split('</think>') %}"
    "{%- set thinking = parts[0].split('<think>')[-1].strip('\\n') if parts | length > 1 else '' %}"
    "{%- if loop.last and loop.index0 > query.index %}"
    "{{- '<think>\\n' + thinking + '\\n</think>\\n\\n' + parts[-1].lstrip('\\n') }}"
    "{%- else %}{{- parts[-1].lstrip('\\n') if thinking else message.content }}{%- endif %}"
    "{%- else %}{{- message.content }}{%- endif %}"
    "{{- eos_token + '\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}"
    "{{- '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"
    "{%- endif %}"
)


def as_qwen3(tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedTokenizerBase":
    """Give a tokenizer the tokens of Qwen3, and the template as it is stored with `template: model`."""
    from tokenizers import AddedToken

    tokenizer.add_tokens([AddedToken("<|im_start|>", special=True)])
    # what marks thinking is no special token there
    tokenizer.add_tokens([AddedToken("<think>"), AddedToken("</think>")])
    tokenizer.chat_template = choose_template("model", QWEN3)
    return tokenizer
