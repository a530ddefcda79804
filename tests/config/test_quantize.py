import pytest

from belle.config.quantize import block_size


@pytest.mark.parametrize(
    ("scheme", "columns"),
    [
        ("gptq-int4", 1),
        ("gguf-f32", 1),
        ("gguf-bf16", 1),
        ("gguf-q8_0", 32),
        ("gguf-q4_1", 32),
        ("gguf-q6_k", 256),
        ("gguf-q3_k_s", 256),
    ],
)
def test_columns_of_a_block(scheme, columns):
    assert block_size(scheme) == columns
