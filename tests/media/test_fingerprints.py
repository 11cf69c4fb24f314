"""Fingerprints: what they promise to find, what they must not find, and damaged files."""

from __future__ import annotations

import json
import random
import zlib

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import fingerprints
from genstudio.media.fingerprints import RUN, Fingerprints, Passage, longest

WORDS = [f"{a}{b}{c}" for a in "bdkmt" for b in "aeiou" for c in ("n", "r", "lo", "st")]


def prose(count: int, seed: int) -> str:
    drawn = random.Random(seed)
    return " ".join(drawn.choice(WORDS) for _ in range(count))


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return [(f"book {number}", prose(800, number)) for number in range(4)]


@pytest.fixture(scope="module")
def sparse(texts: list[tuple[str, str]]) -> Fingerprints:
    """As in a package with too little room."""
    return fingerprints.read(fingerprints.make(texts, most_bytes=800).to_bytes())


def test_every_run_as_long_as_promised_is_found(texts, sparse: Fingerprints) -> None:
    assert sparse.stride == 16
    assert sparse.surely == 16 + RUN - 1
    name, text = texts[2]
    said = text.split()
    for first in range(100, 140):
        copied = " ".join(said[first : first + sparse.surely])
        (found,) = sparse.passages(f"{prose(30, 99)} {copied} {prose(30, 98)}")
        assert found.source == name
        assert found.words >= RUN


def test_with_room_the_numbers_stand_closer(texts) -> None:
    assert fingerprints.make(texts).stride == fingerprints.LEAST_STRIDE
    assert len(fingerprints.make(texts, 2000).to_bytes()) < 2400


def test_a_long_copy_is_one_passage_and_its_ends_are_inside(texts, sparse: Fingerprints) -> None:
    copied = " ".join(texts[1][1].split()[50:200])
    before = prose(20, 77) + " "
    (found,) = sparse.passages(before + copied + " " + prose(20, 78))
    assert len(before) <= found.start < found.end <= len(before) + len(copied)
    assert 150 - 2 * sparse.stride <= found.words <= 150


def test_punctuation_case_and_lines_do_not_hide_a_copy(texts, sparse: Fingerprints) -> None:
    said = texts[0][1].split()[300:360]
    disguised = ",\n".join(word.upper() for word in said) + "!"
    (found,) = sparse.passages(disguised)
    assert found.source == "book 0"


def test_own_text_has_no_finds(texts, sparse: Fingerprints) -> None:
    assert sparse.passages(prose(3000, 1234)) == []
    assert sparse.passages("") == []
    assert sparse.passages("three words only") == []


def test_exact_finds_passages_to_the_word(texts) -> None:
    known = fingerprints.exact(texts)
    assert known.surely == RUN
    said = texts[3][1].split()
    first, second = " ".join(said[7 : 7 + RUN]), " ".join(said[400:430])
    found = known.passages(f"xx yy {first} zz {second} qq")
    assert [one.words for one in found] == [RUN, 30]
    assert {one.source for one in found} == {"book 3"}
    assert found[0].start == len("xx yy ")
    assert known.passages(" ".join(said[7 : 6 + RUN])) == []


def test_a_passage_never_runs_from_one_text_into_the_next(texts) -> None:
    known = fingerprints.exact(texts)
    end, start = texts[0][1].split()[-20:], texts[1][1].split()[:20]
    found = known.passages(" ".join(end + start))
    assert [(one.source, one.words) for one in found] == [("book 0", 20), ("book 1", 20)]


def test_stock_phrases_do_not_make_it_slow() -> None:
    phrase = " ".join(WORDS[:12])
    known = fingerprints.exact([(str(i), phrase) for i in range(300)])
    found = known.passages(" ".join([phrase] * 40))
    assert 1 <= len(found) <= 40
    assert all(one.words == 12 for one in found)


def test_no_text_at_all_is_read_back() -> None:
    for nothing in ([], [("short", "too short")]):
        known = fingerprints.read(fingerprints.make(nothing).to_bytes())
        assert known.passages(prose(50, 1)) == []
        assert len(known.names) == len(nothing)


def test_names_survive_and_endless_ones_are_cut() -> None:
    made = fingerprints.make([("Märchen 🐸", prose(50, 5)), ("x" * 999, prose(50, 6))])
    known = fingerprints.read(made.to_bytes())
    assert known.names == ("Märchen 🐸", "x" * 200)
    assert known.words == 100


def test_the_file_is_the_same_every_time(texts) -> None:
    assert fingerprints.make(texts).to_bytes() == fingerprints.make(texts).to_bytes()


def test_of_overlapping_passages_the_longest_stays() -> None:
    a, b, c = Passage(0, 50, 10, "a"), Passage(40, 200, 30, "b"), Passage(200, 260, 12, "c")
    assert longest([a, b, c]) == longest([c, b, a]) == [b, c]
    assert longest([a, c]) == [a, c]
    assert longest([]) == []


def heading(value: object, body: bytes = b"") -> bytes:
    packed = zlib.compress(json.dumps(value).encode())
    return b"GSFP1\n" + len(packed).to_bytes(4, "little") + packed + body


GOOD = {"run": RUN, "stride": 8, "words": 9, "names": ["a"], "counts": [1]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GSFP1\n",
        b"something else",
        b"GSFP1\n\xff\xff\xff\xff",
        b"GSFP1\n\x04\x00\x00\x00abcd",
        heading([1, 2]),
        heading({"run": RUN}),
        heading({**GOOD, "counts": [2]}, b"1234"),
        heading({**GOOD, "counts": [-1]}),
        heading({**GOOD, "counts": "many"}, b"1234"),
        heading({**GOOD, "stride": 0}, b"1234"),
        heading({**GOOD, "run": 3}, b"1234"),
        heading({**GOOD, "names": ["a", "b"]}, b"1234"),
        heading(GOOD, b"123"),
        heading({**GOOD, "names": ["x" * (5 * 1024**2)]}, b"1234"),
    ],
)
def test_damaged_files_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"fingerprints\.bin is damaged"):
        fingerprints.read(data)


def test_the_smallest_whole_file_is_taken() -> None:
    assert fingerprints.read(heading(GOOD, b"1234")).names == ("a",)
