"""params.yaml as a whole: every section of an experiment."""

from pydantic import Field

from belle.config.base import ProfileName, Section
from belle.config.checkpoints import Checkpoint
from belle.config.clean import CleanParams
from belle.config.data import DataParams
from belle.config.decrypt import DecryptParams
from belle.config.evaluate import EvaluateParams
from belle.config.extend_vocab import ExtendVocabParams
from belle.config.generate_data import GenerateDataParams
from belle.config.model import ModelParams
from belle.config.pretrain import PretrainParams
from belle.config.quantize import QuantizeParams
from belle.config.tokenize import TokenizeParams
from belle.config.train import TrainParams


class Experiment(Section):
    """The typed schema of params.yaml."""

    seed: int = Field(ge=0, lt=1 << 32)
    """Seed of training order, dropout, adapters and packing."""
    model: ModelParams
    generate_data: GenerateDataParams
    data: DataParams
    clean: CleanParams
    evaluate: EvaluateParams
    decrypt: DecryptParams
    extend_vocab: ExtendVocabParams
    pretrain: PretrainParams
    tokenize: TokenizeParams
    hardware: ProfileName
    """Hardware profile, a file under configs/hardware/."""
    train: TrainParams
    checkpoint: Checkpoint
    """Checkpoint to quantize and evaluate; later ones are not trained."""
    quantize: QuantizeParams
