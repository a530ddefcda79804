import pytest

from belle.config.model import LINEAR_LAYERS, ModelDownload
from belle.estimate.model_size import model_size
from belle.estimate.stages import what_is_trained
from belle.train.lora import add_adapters
from factories import MODEL_SIZES, finetune_params, hardware, lora_params

SOURCE = {"kind": "builtin", "name": "x"}


def profile(architecture: str, **changes: object) -> ModelDownload:
    values = {"source": SOURCE, "architecture": architecture, "template": "belle", **MODEL_SIZES, **changes}
    return ModelDownload.model_validate(values)


def real(architecture: str, tied: bool = True):
    import torch
    from transformers import AutoModelForCausalLM

    from belle.estimate.model_size import configuration

    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(configuration(profile(architecture, tie_word_embeddings=tied)))


@pytest.mark.parametrize("architecture", LINEAR_LAYERS)
def test_sizes_are_those_of_the_real_model(architecture):
    size = model_size(profile(architecture))
    assert size.parameters == real(architecture).num_parameters()
    assert size.linear.keys() == set(LINEAR_LAYERS[architecture])


@pytest.mark.parametrize("tied", [True, False])
def test_an_output_layer_of_its_own_is_counted(tied):
    size = model_size(profile("llama", tie_word_embeddings=tied))
    assert (size.embeddings, size.output) == (800, 0 if tied else 800)
    assert size.parameters == real("llama", tied).num_parameters()


@pytest.mark.parametrize("architecture", LINEAR_LAYERS)
@pytest.mark.parametrize("some", [True, False])
def test_adapters_have_as_many_weights_as_peft_makes(architecture, some):
    targets = list(LINEAR_LAYERS[architecture][:1]) if some else "all-linear"
    params = lora_params(rank=3, target_modules=targets)
    size = model_size(profile(architecture))
    counted, _ = add_adapters(real(architecture), params).get_nb_trainable_parameters()
    assert what_is_trained(size, params, hardware()).weights == counted
    assert what_is_trained(size, finetune_params(), hardware()).weights == size.parameters
