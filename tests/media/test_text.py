"""Texts of any encoding, and rows of tables."""

from __future__ import annotations

import json

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_every_usual_encoding(encoding: str) -> None:
    assert text.decode("Grüße – “hier”".encode(encoding)) == "Grüße – “hier”"


def test_byte_orders() -> None:
    assert text.decode(b"\xfe\xff\x00h\x00i") == "hi"
    assert text.decode(b"\xff\xfeh\x00i\x00") == "hi"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(BadInput, match=r"a\.txt is no text"):
        text.decode(b"\x00\x01\x02binary", "a.txt")


def test_rows_of_jsonl() -> None:
    data = b'{"a": 1, "b": "x"}\n\n{"a": null}\n'
    assert list(text.rows(data, ".jsonl")) == [{"a": 1, "b": "x"}, {"a": None}]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_rows_of_csv_with_any_mark(mark: str) -> None:
    lines = [f"name{mark}about", f'one{mark}"two\nlines, ""quoted"""', "", f"three{mark}four"]
    found = list(text.rows("\n".join(lines).encode(), ".csv"))
    assert found == [
        {"name": "one", "about": 'two\nlines, "quoted"'},
        {"name": "three", "about": "four"},
    ]


def test_tsv_ignores_commas() -> None:
    assert list(text.rows(b"a,b\tc\n1,2\t3\n", ".tsv")) == [{"a,b": "1,2", "c": "3"}]


def test_rows_may_be_short_or_long() -> None:
    found = list(text.rows(b"a,b\n1\n1,2,3\n", ".csv"))
    assert found == [{"a": "1"}, {"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (b'{"a": 1}\n{"a": ', ".jsonl", "line 2 is not valid JSON"),
        (b"[1, 2]\n", ".jsonl", "line 1 holds no fields"),
        (b'{"a":' * 100_000, ".jsonl", "line 1 is not valid JSON"),
        (",".join(f"c{n}" for n in range(2000)).encode(), ".csv", "2,000 columns"),
        (b"a,b\n" + b'"' + b"x" * 200_000, ".csv", "is not a table"),
    ],
)
def test_damage_names_the_row(data: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(BadInput, match=f"t: .*{reason}|t (is|has).*{reason}|{reason}"):
        list(text.rows(data, suffix, "t"))


def test_who_listens_hears_of_bad_lines_and_gets_the_others() -> None:
    heard: list[tuple[int, str]] = []
    data = b'{"a": 1}\n{"a": \n\n7\n{"a": 2}\n'
    found = list(text.rows(data, ".jsonl", "t", lambda *told: heard.append(told)))
    assert found == [{"a": 1}, {"a": 2}]
    assert heard == [(2, "is not valid JSON"), (4, "holds no fields")]


def test_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_ROWS", 2)
    monkeypatch.setattr(text, "MAX_LINE", 50)
    with pytest.raises(BadInput, match="more than 2 rows"):
        list(text.rows(b"a\n1\n2\n3\n4\n", ".csv"))
    with pytest.raises(BadInput, match="line 1 is more"):
        list(text.rows(json.dumps({"a": "x" * 100}).encode(), ".jsonl"))
    with pytest.raises(BadInput, match="line 3 is more"):
        list(text.rows(b'{"a": 1}\n' * 3, ".jsonl"))
