"""Special tokens that a published tokenizer leaves empty.

BELLE's LLaMA releases ship `tokenizer_config.json` with `"bos_token": ""`, `"eos_token": ""` and `"unk_token": ""`
(BELLE issue 428): transformers ends in a recursion without end, and no answer could be seen to end.
"""

from pathlib import Path

from belle.checkpoints.resolve import TOKENIZER_CONFIG
from belle.files import read_json_object, write_json

SENTENCEPIECE_MODEL = "tokenizer.model"


def fill_special_tokens(model_dir: Path) -> None:
    """Replace empty special tokens in `tokenizer_config.json` by those of the SentencePiece model beside it.

    Nothing happens when none is empty, or when there is no SentencePiece model.

    Raises:
        UserError: `tokenizer_config.json` is broken.
    """
    config_path, model = model_dir / TOKENIZER_CONFIG, model_dir / SENTENCEPIECE_MODEL
    if not config_path.exists() or not model.exists():
        return
    config = read_json_object(config_path, "repair or fetch the model again", TOKENIZER_CONFIG)
    empty = [kind for kind in ("bos", "eos", "unk") if config.get(f"{kind}_token") == ""]
    if not empty:
        return
    from sentencepiece import SentencePieceProcessor

    processor = SentencePieceProcessor(model_file=str(model))
    for kind in empty:
        identity = getattr(processor, f"{kind}_id")()
        config[f"{kind}_token"] = processor.id_to_piece(identity) if identity >= 0 else None
    write_json(config_path, config)
