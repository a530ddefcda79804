"""What a server is asked: prompts as token ids, or as text where it takes no ids, and every setting of the decoding."""

from collections.abc import Sequence

from belle.config.decoding import DecodingProfile
from belle.endpoints.request import Request
from belle.evaluate.answer_reader import AnswerReader
from belle.evaluate.backends.backend import Prompt
from belle.evaluate.backends.decoding import Decoding, digest_number


def requests_of(
    prompts: Sequence[Prompt], as_ids: bool, model: str, decoding: Decoding, reader: AnswerReader, endpoint: str
) -> list[Request]:
    """Return a request for each prompt.

    Args:
        prompts: what is to be continued.
        as_ids: whether they are sent as token ids; otherwise as text.
        model: name of the served model.
        decoding: how it is to answer.
        reader: of the model's template.
        endpoint: name of the profile, under which the replies are kept.
    """
    return [
        Request(
            endpoint=endpoint,
            model=model,
            messages=[],
            prompt=prompt.ids if as_ids else reader.tokenizer.decode(prompt.ids, clean_up_tokenization_spaces=False),
            max_tokens=decoding.max_new_tokens,
            # vLLM, told to ignore the model's own settings, knows the tokenizer's end token alone
            parameters=sampling_parameters(decoding.profile, digest_number(decoding.seed, prompt.id) >> 33)
            | {"stop_token_ids": list(decoding.ends)},
        )
        for prompt in prompts
    ]


def sampling_parameters(profile: DecodingProfile, seed: int) -> dict[str, float | int]:
    """Return what a server has to be told for a decoding profile; what is left out it would choose by itself.

    Args:
        profile: how the next token is chosen.
        seed: below 2^31.
    """
    return {
        "temperature": profile.temperature,
        "top_k": profile.top_k or 0,
        "top_p": profile.top_p or 1.0,
        "min_p": 0.0,
        # vLLM's name of it and llama.cpp's
        "repetition_penalty": profile.repetition_penalty,
        "repeat_penalty": profile.repetition_penalty,
        "seed": seed,
    }
