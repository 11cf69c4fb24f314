"""Byte pair encoding: pieces that texts are often made of, learned and applied.

The library's alphabet writes each byte as a printable character (Radford et al. 2019, the code
of GPT-2); only the list of merges is kept, everything else follows from it. Words are cut as
in GPT-2, so that no piece goes over the border of a word.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

# A pool of threads of the library's own would complain at every process started later.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

MAX_MERGES = 200_000
MAX_PIECE = 256  # characters of the longest piece that a file may name
_LEARNED_PIECE = 24
_STRETCH = 65536  # characters that are cut at a time
_BORDER = re.compile(r"(?<=\S)\n")


def _alphabet() -> dict[int, str]:
    """Byte -> printable character: Latin-1's own where it prints, else from U+0100 on."""
    printing = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printing]
    found = {byte: chr(byte) for byte in printing}
    return found | {byte: chr(256 + place) for place, byte in enumerate(others)}


LETTERS = _alphabet()
_BYTES = {letter: byte for byte, letter in LETTERS.items()}


def learn(texts: Iterable[str], size: int) -> list[str]:
    """Merges for at most `size` pieces (256 of them the single bytes), the most frequent first."""
    tokenizer = _tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, max_token_length=_LEARNED_PIECE,
        initial_alphabet=sorted(LETTERS.values()), min_frequency=2,
    )  # fmt: skip
    pieces = (part for text in texts for part in _stretches(text))
    tokenizer.train_from_iterator(pieces, trainer)
    return [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


class Pairs:
    """Pieces by number: the 256 bytes, then what each merge makes."""

    def __init__(self, merges: object) -> None:
        """`merges`: "left right" in the alphabet above; raises ValueError where they are none."""
        if not isinstance(merges, list) or len(merges) > MAX_MERGES:
            raise ValueError("its merges are not valid")
        numbers = {letter: place for place, letter in enumerate(sorted(LETTERS.values()))}
        pairs = []
        for merge in merges:
            pair = tuple(merge.split(" ")) if isinstance(merge, str) else ()
            if len(pair) != 2 or not all(side in numbers for side in pair):
                raise ValueError("its merges do not follow from each other")
            made = "".join(pair)
            if len(made) > MAX_PIECE:
                raise ValueError("its pieces are too long")
            numbers.setdefault(made, len(numbers))
            pairs.append(pair)
        self.merges: list[str] = merges
        self.pieces = [bytes(_BYTES[letter] for letter in piece) for piece in numbers]
        self._tokenizer = _tokenizer(models.BPE(vocab=numbers, merges=pairs))

    def cut(self, text: str) -> list[int]:
        """The pieces of `text` by number."""
        found: list[int] = []
        for part in _stretches(text):
            found.extend(self._tokenizer.encode(part, add_special_tokens=False).ids)
        return found


def _tokenizer(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    return tokenizer


def _stretches(text: str) -> Iterator[str]:
    """`text` in parts cut before a line's end that follows a word, where no piece can go over:
    the pieces are those of the whole, with less memory."""
    start = 0
    while len(text) - start > _STRETCH:
        border = _BORDER.search(text, start + _STRETCH)
        if border is None:
            break
        yield text[start : border.start()]
        start = border.start()
    yield text[start:]
