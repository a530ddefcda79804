import pytest

from belle.evaluate.answer_reader import AnswerReader
from belle.evaluate.answers import Answer
from belle.score.flags import flags_of
from thinking_templates import ALWAYS_THINKING, as_thinking


@pytest.fixture(scope="module")
def reader(tokenizer_of):
    return AnswerReader(tokenizer_of("belle"))


def ids_of(reader: AnswerReader, text: str) -> list[int]:
    return reader.tokenizer(text, add_special_tokens=False)["input_ids"]


@pytest.mark.parametrize(
    "text",
    [
        "苹果\n\nHuman: \n你好\n\nAssistant: \n好",
        "苹果 \n Human:",
        "Human: 你好\nHuman: 再见",
        "<think>红\nHuman: 不</think>苹果\nHuman: 你好",
    ],
)
def test_the_first_token_that_completes_the_header_ends_the_answer_as_the_whole_text_has_it(reader, text):
    ids = ids_of(reader, text)
    first = next(end for end in range(1, len(ids) + 1) if reader.has_next_turn(ids[:end]))
    assert reader.decode(ids[:first]).endswith("Human:")
    assert reader.read(reader.decode(ids[:first])) == reader.read(text)
    assert reader.is_cut(text)


@pytest.mark.parametrize("text", ["苹果", "", "Human: 你好", "他说 Human: 你好", "<think>红\nHuman: 不"])
def test_other_texts_have_no_next_turn(reader, text):
    ids = ids_of(reader, text)
    assert not any(reader.has_next_turn(ids[:end]) for end in range(len(ids) + 1))
    assert not reader.is_cut(text)


def test_thinking_and_turns_are_no_part_of_an_answer(reader):
    assert reader.read("<think>红</think>\n 苹果 \n\nHuman: 你好") == ("红", "苹果")
    assert reader.read(" 苹果\n") == (None, "苹果")


def test_a_template_of_special_tokens_has_no_turns_to_look_for(tokenizer_of):
    assert not AnswerReader(tokenizer_of("{{ eos_token }}")).has_next_turn([1, 2, 3])


def test_no_space_is_taken_away(tokenizer_of):
    tokenizer = tokenizer_of("belle")
    # some tokenizers bring these
    tokenizer.clean_up_tokenization_spaces = True
    tokenizer.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output = True
    reader = AnswerReader(tokenizer)
    code = "print(a , b) if a ! = b else do n't ."
    assert reader.decode(ids_of(reader, code)) == code


@pytest.mark.parametrize("template", ALWAYS_THINKING.values(), ids=ALWAYS_THINKING)
def test_where_the_template_opens_the_thinking_what_is_cut_inside_it_is_no_answer(template, tokenizer_of):
    reader = AnswerReader(as_thinking(tokenizer_of("belle"), template))
    assert reader.read("\n</think>\n\n北京") == (None, "北京")
    assert reader.read("首都？\n</think>\n\n北京") == ("首都？", "北京")
    thinking, answer = reader.read("首都是")
    cut = Answer(
        id="q", question="?", reference=None, category="qa", answer=answer, thinking=thinking, tokens=2, stop="length"
    )
    assert flags_of(cut) == ["empty", "thinking", "truncated"]
