"""The merges of a tokenizer that is published as a SentencePiece model alone, as BELLE's LLaMA models are."""

from pathlib import Path

from sentencepiece import sentencepiece_model_pb2
from tokenizers import models
from transformers import PreTrainedTokenizerBase
from transformers.tokenization_utils_base import generate_merges


def order_by_score(tokenizer: PreTrainedTokenizerBase, model: Path) -> None:
    """Put the merges in the order of the scores in `model` (tokenizer.model), as SentencePiece applies them.

    transformers 5 takes the order of the ids. LLaMA's pieces of spaces have the first ids and the lowest score, so it
    would split text with two spaces in a row in another way than the model was trained on. Tokenizers that are no BPE
    with byte fallback stay as they are.
    """
    bpe = tokenizer.backend_tokenizer.model
    if not isinstance(bpe, models.BPE) or not bpe.byte_fallback:
        return
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.read_bytes())
    ids = {piece.piece: index for index, piece in enumerate(proto.pieces)}
    merges = generate_merges(ids, {piece.piece: piece.score for piece in proto.pieces})
    tokenizer.backend_tokenizer.model = models.BPE(
        ids, merges, unk_token=bpe.unk_token, fuse_unk=bpe.fuse_unk, byte_fallback=True
    )
