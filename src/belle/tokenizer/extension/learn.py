"""Learn new tokens from runs of Chinese characters, on top of an existing BPE vocabulary.

The old merges are applied first; what they leave is merged further by ordinary BPE (Sennrich et al. 2016, arXiv
1508.07909), which sees each old token as one symbol. So every new merge joins two tokens of Chinese characters and
ranks behind every old merge: no other text can change, and the old tokens are what the new ones are made of.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import accumulate

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from belle.config.extend_vocab import ExtendVocabParams
from belle.errors import UserError
from belle.tokenizer.extension.han import is_run, runs, sampled_runs
from belle.tokenizer.extension.vocabulary import Merge, Vocabulary

Texts = Callable[[], Iterable[list[str]]]
"""Gives the texts to learn from, in batches, from the beginning each time."""
FIRST_SYMBOL = 0x10000
"""In training an old token is one character, FIRST_SYMBOL + its id: no surrogate or white space lies so high."""
LEAST_COUNT = 2
"""A pair must occur so often to be merged."""
MOST_CHARACTERS = 50_000_000
"""Characters of the runs that pieces are learned from; of longer texts a random share of the runs. Learning takes about
80 bytes for each."""


@dataclass
class Extension:
    """New tokens, in the order of their ids.

    Attributes:
        first_id: of the first one.
        parts: new token to the ids of the old tokens that it is made of.
        merges: new merges in the order in which they apply; SentencePiece needs none for single characters.
        share: of the runs that pieces were learned from.
    """

    first_id: int
    share: float = 1.0
    parts: dict[str, list[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    @property
    def ids(self) -> dict[str, int]:
        """New token to its id."""
        return {token: self.first_id + index for index, token in enumerate(self.parts)}


def learn(vocabulary: Vocabulary, texts: Texts, params: ExtendVocabParams) -> Extension:
    """Return `params.new_tokens` new tokens: frequent characters that are no token yet, then longer pieces.

    Raises:
        UserError: the texts give fewer, or their characters alone need more.
    """
    counts = Counter(character for batch in texts() for text in batch for run in runs(text) for character in run)
    extension = Extension(vocabulary.next_id, min(1.0, MOST_CHARACTERS / max(1, counts.total())))
    _add_characters(vocabulary, extension, _frequent(counts, params.character_coverage))
    if len(extension.parts) > params.new_tokens:
        raise UserError(
            f"params.yaml: extend_vocab.new_tokens: {params.new_tokens}; the Chinese characters of the texts alone "
            f"need {len(extension.parts)}; raise it to more than that, or lower extend_vocab.character_coverage"
        )
    _add_pieces(vocabulary, extension, texts, params)
    return extension


def extended(vocabulary: Vocabulary, extension: Extension) -> Vocabulary:
    """Return the vocabulary with the new tokens; added tokens move into the model, which fixes their ids."""
    description = vocabulary.description
    new = extension.ids
    merges = [*vocabulary.merges, *extension.merges]
    if not vocabulary.is_byte_level:
        merges = _all_splits(merges, (vocabulary.ids | new).keys(), new.keys())
    model = description["model"] | {"vocab": vocabulary.ids | new, "merges": [list(pair) for pair in merges]}
    return Vocabulary(description | {"model": model}, vocabulary.name)


def _frequent(counts: Counter[str], coverage: float) -> list[str]:
    """Return the most frequent characters that make up `coverage` of all, the most frequent first."""
    ordered = sorted(counts, key=lambda character: (-counts[character], character))
    wanted = coverage * counts.total()
    before = accumulate((counts[character] for character in ordered), initial=0)
    return [character for character, seen in zip(ordered, before, strict=False) if seen < wanted]


def _add_characters(vocabulary: Vocabulary, extension: Extension, characters: list[str]) -> None:
    bare = vocabulary.bare()
    for character, encoded in zip(characters, bare.encode_batch(characters), strict=True):
        if len(encoded.ids) == 1:
            continue
        if not vocabulary.is_byte_level:
            extension.parts[character] = encoded.ids
            continue
        whole = encoded.tokens[0]
        for count, token in enumerate(encoded.tokens[1:], start=2):
            pair, whole = (whole, token), whole + token
            if whole in vocabulary.ids:
                break  # an old token that the old merges do not reach
            if whole not in extension.parts:
                extension.parts[whole] = encoded.ids[:count]
                extension.merges.append(pair)


def _add_pieces(vocabulary: Vocabulary, extension: Extension, texts: Texts, params: ExtendVocabParams) -> None:
    characters = extended(vocabulary, extension)
    spelled = {index: token for token, index in characters.ids.items()}
    missing = params.new_tokens - len(extension.parts)
    asked = missing + missing // 8 + 64
    while missing:
        pairs = _train(characters, sampled_runs(texts(), extension.share), asked, params.max_characters)
        pieces = _pieces(vocabulary, characters, spelled, pairs, params.max_characters)
        new = list(dict.fromkeys(left + right for left, right in pieces))
        if len(new) >= missing:
            wanted = set(new[:missing])
            return _append(characters, extension, [pair for pair in pieces if "".join(pair) in wanted])
        if len(pairs) < asked:
            raise UserError(
                f"params.yaml: extend_vocab.new_tokens: {params.new_tokens}; the texts give "
                f"{len(extension.parts) + len(new)}; lower it to that, or add texts to data.texts.sources"
            )
        asked *= 2


def _train(vocabulary: Vocabulary, found: Iterable[list[str]], count: int, longest: int) -> list[Merge]:
    """Return the first `count` merges of BPE over the runs, as symbols; fewer when no pair is left."""
    symbols = {
        index: chr(FIRST_SYMBOL + index) for token, index in vocabulary.ids.items() if is_run(vocabulary.text_of(token))
    }
    trainer = trainers.BpeTrainer(
        vocab_size=len(symbols) + count,
        initial_alphabet=list(symbols.values()),
        min_frequency=LEAST_COUNT,
        max_token_length=longest,
        show_progress=False,
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator(_words(vocabulary.bare(), symbols, found), trainer)
    return [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


def _words(bare: Tokenizer, symbols: dict[int, str], found: Iterable[list[str]]) -> Iterator[str]:
    """Yield the runs as symbols, one per old token; tokens that are no whole Chinese characters part the words."""
    for batch in found:
        for encoded in bare.encode_batch_fast(batch):
            yield "".join(symbols.get(index, " ") for index in encoded.ids)


def _pieces(
    old: Vocabulary, characters: Vocabulary, spelled: dict[int, str], pairs: list[Merge], longest: int
) -> list[Merge]:
    """Return learned pairs in the vocabulary's spelling, without those whose token is old or too long."""
    kept, known = [], set(characters.ids)
    for pair in pairs:
        left, right = ("".join(spelled[ord(symbol) - FIRST_SYMBOL] for symbol in part) for part in pair)
        whole = left + right
        too_long = len(characters.text_of(whole)) > longest
        # a pair that makes an old token could set old merges off again, around other characters too
        if not too_long and whole not in old.ids and left in known and right in known:
            kept.append((left, right))
            known.add(whole)
    return kept


def _append(characters: Vocabulary, extension: Extension, pairs: list[Merge]) -> None:
    def parts(token: str) -> list[int]:
        return extension.parts[token] if token in extension.parts else [characters.ids[token]]

    for left, right in pairs:
        is_new = left + right not in extension.parts
        if is_new:
            extension.parts[left + right] = [*parts(left), *parts(right)]
        # to SentencePiece all pairs of a token rank as the first one; `extended` adds them there
        if is_new or characters.is_byte_level:
            extension.merges.append((left, right))


def _all_splits(merges: list[Merge], ids: Set[str], new: Set[str]) -> list[Merge]:
    """Complete the merges as SentencePiece has them: it joins any two tokens whose union is a token.

    The pairs of one token stand together, longer left part first, at the place of the last pair that was there. What
    the old tokens alone would add is left out: it could change what they make of a text.
    """
    known, complete = set(merges), []
    last = {left + right: rank for rank, (left, right) in enumerate(merges)}
    for rank, pair in enumerate(merges):
        complete.append(pair)
        token = "".join(pair)
        if last[token] == rank:
            splits = [(token[:cut], token[cut:]) for cut in range(len(token) - 1, 0, -1)]
            with_new = [split for split in splits if token in new or not new.isdisjoint(split)]
            complete += [split for split in with_new if split not in known and split[0] in ids and split[1] in ids]
    return complete
