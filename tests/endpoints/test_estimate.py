"""What requests took, in words."""

from belle.endpoints.budget import Tokens
from belle.endpoints.estimate import spent_in_words
from belle.endpoints.send import send
from chat_server import Step
from endpoints.conftest import ask, budget, numbered

PRICES = {"input_price": 1e4, "output_price": 2e4}


def test_replies_alone(chat, profile, store):
    send(ask("a"), profile(), store, budget())
    # 10 tokens of the prompt, 5 of `re: a`
    assert spent_in_words(store, budget(**PRICES)) == "15 tokens, 0.2 USD, for replies"
    assert spent_in_words(store, budget(input_price=None)) == "15 tokens, at unknown prices, for replies"


def test_what_attempts_without_a_known_outcome_may_have_cost_stands_apart(chat, profile, store):
    chat.script = [Step(), Step(body=b"?"), Step(body=b"?")]
    requests = ask("a", "b")
    send(requests, profile(), store, budget())
    most = 2 * (requests[1].most_input_tokens + 50)
    words = spent_in_words(store, budget(**PRICES))
    assert words.startswith(f"30 tokens, 0.4 USD, for replies; up to {most} more, ")
    assert words.endswith(" USD, for 2 attempts without a known outcome")


def test_one_attempt(store):
    (request,) = numbered(1)
    store.want([request])
    store.begin(request, budget())
    assert "for 1 attempt without" in spent_in_words(store, budget())
    assert store.spending.unknown() == (1, Tokens(request.most_input_tokens, 50))
