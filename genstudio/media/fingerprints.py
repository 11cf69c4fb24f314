"""Fingerprints of texts: known passages are found again, with their source, without the texts.

Of each text every `stride`-th run of ten words is kept as a number of 32 bits; a text in question
is looked up at every word. So each run of stride + 9 words is surely found: winnowing (Schleimer,
Wilkerson, Aiken 2003, section 2) gives the same promise from both sides and keeps about twice as
many numbers for it; as in rsync (Tridgell 1999, section 3) one side is enough here. The place of a
number in the list says where the run stood, so that neighbours confirm each other.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.manifest import FINGERPRINTS
from genstudio.media.wording import Wording, hashes, runs, wording

RUN = 10
"""Words in a row that are one number, and the shortest passage that is ever marked."""
MOST_BYTES = 1_000_000
LEAST_STRIDE = 8
"""Closer together they would say little more and fill small packages."""
MAX_FILE = 8 * 1024**2
MOST_ALIKE = 64
"""Places that one run of words is compared with, at most: stock phrases stand everywhere."""
_MARK = b"GSFP1\n"
_MOST_HEADER = 4 * 1024**2
_MOST_NAME = 200


@dataclass(frozen=True)
class Passage:
    """Characters `start` to `end` of a text that stand, word by word, in `source`.

    `words` of them are sure; one or two more on either side may belong to it.
    """

    start: int
    end: int
    words: int
    source: str


@dataclass(frozen=True)
class Fingerprints:
    """`prints` uint32 or uint64 (m,), those of each text in order; `counts` of each text."""

    prints: np.ndarray
    stride: int
    names: tuple[str, ...]
    counts: np.ndarray  # int64 (texts,)
    words: int

    @property
    def surely(self) -> int:
        """Words of the shortest passage that is found wherever it stands."""
        return self.stride + RUN - 1

    def to_bytes(self) -> bytes:
        """The file."""
        header = {
            "run": RUN,
            "stride": self.stride,
            "words": self.words,
            "names": self.names,
            "counts": self.counts.tolist(),
        }
        packed = zlib.compress(json.dumps(header, ensure_ascii=False).encode(), 9)
        body = self.prints.astype("<u4").tobytes()
        return _MARK + len(packed).to_bytes(4, "little") + packed + body

    def passages(self, text: str) -> list[Passage]:
        """What of `text` is known, in reading order; of overlapping finds the longest."""
        return self.passages_of(wording(text))

    def passages_of(self, found: Wording) -> list[Passage]:
        """The same of a text whose words are known."""
        chains = self._chains(runs(found.hashes, RUN))
        taken: list[tuple[int, int, int]] = []
        for first, last, entry in sorted(chains, key=lambda c: (c[0] - c[1], c)):
            if all(last + RUN <= a or b + RUN <= first for a, b, _ in taken):
                taken.append((first, last, entry))
        return [
            Passage(
                int(found.starts[first]),
                int(found.ends[last + RUN - 1]),
                last - first + RUN,
                self.names[int(np.searchsorted(self._ends, entry, "right"))],
            )
            for first, last, entry in sorted(taken)
        ]

    def _chains(self, asked: np.ndarray) -> list[tuple[int, int, int]]:
        """(first word, word where the last run begins, entry) of finds that follow each other."""
        order, ranked = self._ranked
        wanted = _cut(asked, self.prints.dtype)
        low = np.searchsorted(ranked, wanted, "left")
        high = np.minimum(np.searchsorted(ranked, wanted, "right"), low + MOST_ALIKE)
        chains: list[list[int]] = []
        awaited: dict[int, dict[int, int]] = {}
        for word in np.flatnonzero(high > low).tolist():
            # In a copied passage the next number of its source comes a stride later.
            going = {
                entry: chain
                for entry, chain in awaited.pop(word, {}).items()
                if entry < len(self.prints) and self.prints[entry] == wanted[word]
            }
            for entry in order[low[word] : high[word]].tolist():
                if entry not in going:
                    going[entry] = len(chains)
                    chains.append([word, word, entry])
            for entry, chain in going.items():
                chains[chain][1] = word
                if entry + 1 not in self._starts:
                    awaited.setdefault(word + self.stride, {})[entry + 1] = chain
        return [(first, last, entry) for first, last, entry in chains]

    @cached_property
    def _ranked(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.prints, kind="stable")
        return order, self.prints[order]

    @cached_property
    def _ends(self) -> np.ndarray:
        return np.cumsum(self.counts)

    @cached_property
    def _starts(self) -> frozenset[int]:
        return frozenset((self._ends - self.counts).tolist())


def longest(passages: Iterable[Passage]) -> list[Passage]:
    """Passages that do not overlap, in reading order; of those that do the longest stays."""
    taken: list[Passage] = []
    for one in sorted(passages, key=lambda p: (-p.words, p.start)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda p: p.start)


def make(texts: Iterable[tuple[str, str]], most_bytes: int = MOST_BYTES) -> Fingerprints:
    """Fingerprints of (name, text) pairs, as close together as `most_bytes` allows."""
    named = [(name[:_MOST_NAME], hashes(text)) for name, text in texts]
    total = sum(len(found) for _, found in named)
    room = max(1, most_bytes // 4)
    stride = max(LEAST_STRIDE, -(-total // room))
    return _made(named, stride, np.uint32)


def exact(texts: Iterable[tuple[str, str]]) -> Fingerprints:
    """Every run of ten words with 64 bits: finds all there is; for the moment, not for a file."""
    return _made([(name, hashes(text)) for name, text in texts], 1, np.uint64)


def _made(named: list[tuple[str, np.ndarray]], stride: int, kind: type) -> Fingerprints:
    parts = [_cut(runs(found, RUN)[::stride], np.dtype(kind)) for _, found in named]
    return Fingerprints(
        np.concatenate(parts) if parts else np.zeros(0, kind),
        stride,
        tuple(name for name, _ in named),
        np.array([len(part) for part in parts], np.int64),
        sum(len(found) for _, found in named),
    )


def _cut(numbers: np.ndarray, kind: np.dtype) -> np.ndarray:
    """The upper bits of numbers of 64 bits, as many as `kind` has."""
    return (numbers >> np.uint64(64 - 8 * kind.itemsize)).astype(kind)


def read(data: bytes) -> Fingerprints:
    """What `to_bytes` wrote; raises BadInput."""
    size = int.from_bytes(data[len(_MARK) : len(_MARK) + 4], "little")
    body = len(_MARK) + 4 + size
    if not data.startswith(_MARK) or len(data) > MAX_FILE or body > len(data):
        raise _damaged("it is not what its name says")
    header = _header(data[len(_MARK) + 4 : body])
    try:
        names, counts = tuple(map(str, header["names"])), np.array(header["counts"], np.int64)
        stride, words = int(header["stride"]), int(header["words"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _damaged("its heading is incomplete") from error
    rest = len(data) - body
    fits = counts.shape == (len(names),) and (counts >= 0).all() and 4 * int(counts.sum()) == rest
    if not fits or stride < 1 or header.get("run") != RUN:
        raise _damaged("its parts do not fit each other")
    return Fingerprints(np.frombuffer(data, "<u4", offset=body), stride, names, counts, words)


def _header(packed: bytes) -> dict[str, Any]:
    unpacking = zlib.decompressobj()
    try:
        header = json.loads(unpacking.decompress(packed, _MOST_HEADER))
    except (zlib.error, ValueError, RecursionError) as error:
        raise _damaged("its heading cannot be read") from error
    if not isinstance(header, dict):
        raise _damaged("its heading cannot be read")
    return header


def _damaged(how: str) -> BadInput:
    return BadInput(
        f"{FINGERPRINTS} is damaged: {how}",
        file=FINGERPRINTS,
        next_step="Import the model again; without this file copies cannot be found.",
    )
