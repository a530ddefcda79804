"""The SentencePiece model (tokenizer.model) of an extended vocabulary, beside its tokenizer.json."""

from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from sentencepiece import sentencepiece_model_pb2

from belle.errors import UserError
from belle.tokenizer.extension.learn import Extension
from belle.tokenizer.extension.vocabulary import Vocabulary

Piece = sentencepiece_model_pb2.ModelProto.SentencePiece


def extend_sentencepiece_model(source: Path, target: Path, old: Vocabulary, extension: Extension) -> None:
    """Write `source` with the new tokens behind its own to `target`; the scores of new ones are below all others.

    SentencePiece merges by score, so the order stays that of the merges. Added tokens of tokenizer.json that the model
    does not have come between, under their ids: control tokens, or text that is never split.

    Raises:
        UserError: the file is broken, or its ids are not those of tokenizer.json.
    """
    model = sentencepiece_model_pb2.ModelProto()
    try:
        model.ParseFromString(source.read_bytes())
    except DecodeError:
        raise UserError(f"{source}: broken or cut off; get the model again") from None
    special = {token["content"]: token["special"] for token in old.description["added_tokens"]}
    pieces = {piece.piece for piece in model.pieces}
    lowest = min(piece.score for piece in model.pieces)
    # scores have 32 bits: at LLaMA's lowest, -1e9, two that differ are 64 apart
    step = max(1.0, 2 * abs(float(np.spacing(np.float32(lowest)))))
    for token in sorted(old.ids.keys() - pieces, key=old.ids.__getitem__):
        kind = Piece.CONTROL if special.get(token, False) else Piece.USER_DEFINED
        model.pieces.append(Piece(piece=token, score=lowest, type=kind))
    for rank, token in enumerate(extension.parts, start=1):
        model.pieces.append(Piece(piece=token, score=lowest - rank * step, type=Piece.NORMAL))
    _refuse_other_ids(model, source, old, extension)
    target.write_bytes(model.SerializeToString(deterministic=True))


def _refuse_other_ids(model: Any, source: Path, old: Vocabulary, extension: Extension) -> None:
    ids = old.ids | extension.ids
    for index, piece in enumerate(model.pieces):
        if ids.get(piece.piece) != index:
            raise UserError(
                f"{source}: {piece.piece} would be token {index}, in tokenizer.json it is {ids.get(piece.piece)}; "
                f"they are not of one tokenizer; remove {source.name} from the profile's `files`, or get the right one"
            )
