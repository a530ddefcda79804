import pytest
import torch

from belle.errors import UserError
from belle.train import attention
from belle.train.attention import _masked, _per_segment, _varlen, packed_attention, varlen_attn

HEADS, KEY_HEADS, WIDTH = 4, 2, 8
SCALING = WIDTH**-0.5


def inputs(tokens: int, key_heads: int = KEY_HEADS) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    shapes = [(1, heads, tokens, WIDTH) for heads in (HEADS, key_heads, key_heads)]
    return [torch.randn(shape, generator=generator).requires_grad_() for shape in shapes]


def starts_of(lengths: list[int]) -> torch.Tensor:
    return torch.tensor([0, *lengths]).cumsum(0).int()


def by_definition(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, lengths: list[int]) -> torch.Tensor:
    """Softmax attention in double precision, one query token after another."""
    query, key, value = query[0].double(), key[0].double(), value[0].double()
    output, start = torch.zeros_like(query), 0
    for length in lengths:
        for token in range(start, start + length):
            for head in range(HEADS):
                seen, shared = slice(start, token + 1), head * key.shape[0] // HEADS
                weights = torch.softmax(key[shared, seen] @ query[head, token] * SCALING, dim=0)
                output[head, token] = weights @ value[shared, seen]
        start += length
    return output[None]


@pytest.mark.parametrize("lengths", [[5], [1, 1, 1], [3, 3, 4, 4, 4], [4, 1, 7, 1, 4]])
@pytest.mark.parametrize("key_heads", [HEADS, KEY_HEADS, 1])
@pytest.mark.parametrize("implementation", [_per_segment, _masked])
def test_each_implementation_equals_the_definition(implementation, lengths, key_heads):
    tensors = inputs(sum(lengths), key_heads)
    output = implementation(*tensors, starts_of(lengths), SCALING)
    torch.testing.assert_close(output, by_definition(*tensors, lengths).float(), rtol=1e-5, atol=1e-6)


def test_gradients_of_both_implementations_agree():
    lengths, tensors = [3, 3, 5, 2], inputs(13)
    weight = torch.randn(1, HEADS, 13, WIDTH, generator=torch.Generator().manual_seed(1))
    results = [
        torch.autograd.grad((way(*tensors, starts_of(lengths), SCALING) * weight).sum(), tensors)
        for way in (_per_segment, _masked)
    ]
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_segments_do_not_attend_to_one_another():
    tensors = inputs(8)
    apart, joined = (_per_segment(*tensors, starts_of(lengths), SCALING) for lengths in ([4, 4], [8]))
    assert torch.equal(apart[:, :, :4], joined[:, :, :4])
    assert (apart[:, :, 4:] - joined[:, :, 4:]).abs().max() > 0.1


def call(tensors: list[torch.Tensor], **changes: object) -> torch.Tensor:
    arguments = {"cu_seq_lens_q": starts_of([3, 5]), "max_length_q": 5, "scaling": SCALING, "attention_mask": None}
    return packed_attention(torch.nn.Module(), *tensors, **(arguments | changes))[0]


def test_the_output_has_tokens_before_heads():
    tensors = inputs(8)
    assert torch.equal(call(tensors), _per_segment(*tensors, starts_of([3, 5]), SCALING).transpose(1, 2))


def test_a_mask_and_dropout_are_refused():
    with pytest.raises(ValueError, match="no mask"):
        call(inputs(8), attention_mask=torch.ones(1, 8))
    with pytest.raises(ValueError, match="no dropout"):
        call(inputs(8), dropout=0.1)


def test_segments_longer_than_the_sliding_window_are_refused():
    assert call(inputs(8), sliding_window=5).shape == (1, 8, HEADS, WIDTH)
    with pytest.raises(UserError, match=r"\b4 tokens"):
        call(inputs(8), sliding_window=4)


def test_under_autocast_queries_follow_the_values():
    query, key, value = inputs(8)
    assert call([query, key, value.bfloat16()]).dtype == torch.bfloat16


@pytest.mark.gpu
@pytest.mark.skipif(varlen_attn is None, reason="torch has no variable-length attention here")
def test_the_variable_length_kernel_agrees_with_the_other_implementations():
    lengths, width = [3, 30, 7], 64
    shapes = [(1, heads, sum(lengths), width) for heads in (HEADS, KEY_HEADS, KEY_HEADS)]
    tensors = [torch.randn(shape).to("cuda", torch.bfloat16) for shape in shapes]
    output = _varlen(*tensors, starts_of(lengths).cuda(), max(lengths), width**-0.5).cpu().float()
    expected = _per_segment(*(one.cpu().float() for one in tensors), starts_of(lengths), width**-0.5)
    torch.testing.assert_close(output, expected.transpose(1, 2), rtol=2e-2, atol=2e-2)


class OnGpu:
    """A tensor's facts that choose the kernel."""

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype, self.is_cuda, self.device = dtype, True, "cuda:0"


@pytest.mark.parametrize(
    ("capability", "dtype", "expected"),
    [
        ((7, 0), torch.float16, False),
        ((7, 5), torch.float16, False),
        ((8, 0), torch.float16, True),
        ((9, 0), torch.bfloat16, True),
        ((9, 0), torch.float32, False),
    ],
)
def test_the_variable_length_kernel_needs_ampere(capability, dtype, expected, monkeypatch):
    monkeypatch.setattr(attention, "varlen_attn", object())
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert attention._has_varlen(OnGpu(dtype)) == expected
