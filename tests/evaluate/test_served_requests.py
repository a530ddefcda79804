from belle.evaluate.served_requests import sampling_parameters

from .asking import profile


def test_greedy_decoding_leaves_a_server_nothing_to_choose():
    assert sampling_parameters(profile(), 5) == {
        "temperature": 0.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "repetition_penalty": 1.0, "repeat_penalty": 1.0,
        "seed": 5,
    }  # fmt: skip
