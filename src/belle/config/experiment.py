"""params.yaml as a whole: every section of an experiment."""

from typing import Literal

from pydantic import Field

from belle.config.data import CleanParams, DataParams
from belle.config.decrypt import DecryptParams
from belle.config.evaluate import EvaluateParams
from belle.config.model import ModelParams
from belle.config.quantize import QuantizeParams
from belle.config.section import Section
from belle.config.tokenize import TokenizeParams
from belle.config.train import ExtendVocabParams, PretrainParams, TrainParams


class Experiment(Section):
    """The typed schema of params.yaml."""

    seed: int = Field(ge=0, lt=1 << 32)
    model: ModelParams
    data: DataParams
    clean: CleanParams
    evaluate: EvaluateParams
    decrypt: DecryptParams
    extend_vocab: ExtendVocabParams
    pretrain: PretrainParams
    tokenize: TokenizeParams
    train: TrainParams
    subject: Literal["base", "decrypted", "extended", "pretrained", "trained"]
    """Link of the model chain that is quantized and evaluated; nothing is trained unless it is `trained`."""
    quantize: QuantizeParams
