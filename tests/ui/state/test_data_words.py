"""Words about data, and reports of every shape."""

from __future__ import annotations

import pytest

from genstudio.core.dataset import DataFacts, Dataset
from genstudio.ui.state import data_words as words
from genstudio.ui.state.data_words import Example, report_of


def dataset(**changes) -> Dataset:
    values = {
        "name": "fruits",
        "title": "Fruits",
        "facts": DataFacts(count=4000, size=64, channels=3, classes=("a", "b"), captions=True),
        "valid_count": 200,
        "split_seed": 7,
    }
    return Dataset(**values | changes)


@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        ("image", 1, "1 picture"),
        ("text", 1200, "1,200 texts"),
        ("music", 2, "2 pieces"),
        ("sound", 0, "0 sounds"),
        ("other", 3, "3 items"),
    ],
)
def test_things_have_their_own_words(kind, count, said):
    assert words.things(kind, count) == said


def test_one_and_many():
    assert (words.thing("music"), words.many("music")) == ("piece", "pieces")


@pytest.mark.parametrize(
    ("kind", "length", "said"),
    [
        ("text", 1204, "1,204 letters"),
        ("music", 412, "412 notes"),
        ("sound", 0.34, "0.3 s"),
        ("sound", 95, "1:35 min"),
        ("sound", 0, ""),
        ("image", 5, ""),
    ],
)
def test_lengths(kind, length, said):
    assert words.length_words(kind, length) == said


def test_a_dataset_in_one_line():
    assert words.summary(dataset()) == "4,000 pictures · 2 classes · captions"
    bare = dataset(facts=DataFacts(count=10), test_count=5, excluded=3)
    assert words.summary(bare) == "12 pictures"


def test_facts_of_a_dataset():
    facts = dict(
        words.dataset_facts(
            dataset(
                test_count=10,
                excluded=3,
                skipped=4,
                source="/a/very/long/path/to/some/fruits/of/mine",
                origin="fruits",
                sha256="ab" * 32,
                licence="MIT",
                consent="nobody",
            )
        )
    )
    assert facts["Split"] == "3,800 to learn from, 200 held out (seed 7), 10 for tests"
    assert facts["Shortest side"] == "64 px, colour"
    assert (facts["Excluded"], facts["Skipped"]) == ("3", "4")
    assert facts["Files"].startswith("…")
    assert facts["Files"].endswith("/fruits/of/mine")
    assert len(facts["Files"]) <= words.LONGEST_PATH
    assert facts["Hash"] == "ab" * 8
    assert facts["From"] == "", "the files say where it is from"


def test_facts_of_a_copy_without_a_licence():
    facts = dict(words.dataset_facts(dataset(copied=True, origin="fruits.zip")))
    assert facts["Files"] == "copied into GenStudio"
    assert (facts["Licence"], facts["From"]) == ("not stated", "fruits.zip")


def test_reasons_and_personal_data_in_words():
    assert words.why_words("broken") == "cannot be read"
    assert words.why_words("odd") == "odd"
    assert words.why_words("") == "other reasons"
    assert words.personal_words("mail address") == "mail addresses"
    assert words.personal_words("") == "personal data"


def test_every_reason_of_the_data_package_has_words():
    from genstudio.datasets import findings, personal

    for why in (
        findings.BROKEN,
        findings.SMALL,
        findings.EMPTY,
        findings.TYPE,
        findings.COPY,
        findings.NEAR,
    ):
        assert why in words.WHYS
    for why in (personal.MAIL, personal.PHONE, personal.NAME, personal.PLACE):
        assert why in words.PERSONAL


def test_a_report_with_everything():
    report = report_of(
        {
            "kind": "image",
            "count": 100,
            "test_count": 5,
            "classes": ["b", "a"],
            "class_counts": {"a": 60, "b": 40},
            "captions": 7,
            "skipped": 3,
            "skipped_by": {"broken": 2, "duplicate": 1},
            "near": 4,
            "findings": [
                {"level": "skipped", "why": "broken", "file": "a.png", "what": "ends early"},
                {"level": "warning", "what": "classes differ"},
                {"level": "nonsense", "what": "?"},
                "no finding",
            ],
            "personal": {"name": 2},
            "columns": ["text"],
            "examples": [{"name": "a.png", "caption": "x", "class": "a"}, 5],
            "suggested_name": "fruits",
            "suggested_title": "Fruits",
            "bytes": 12345,
        }
    )
    assert list(report.classes.items()) == [("b", 40), ("a", 60)], "in the order of the classes"
    assert report.total == 105
    assert [f.file for f in report.files("broken")] == ["a.png"]
    assert [f.what for f in report.remarks()] == ["classes differ"]
    assert report.examples == (Example("a.png", "x", "a"),)
    assert (report.name, report.title, report.near) == ("fruits", "Fruits", 4)


def test_a_report_with_nothing_or_nonsense():
    empty = report_of({})
    assert (empty.kind, empty.total, empty.classes, empty.findings) == ("image", 0, {}, ())
    odd = report_of({"count": "many", "classes": None, "personal": [1], "findings": {}})
    assert (odd.count, odd.personal) == (0, {})
    assert report_of({"class_counts": {"a": 3}}).classes == {"a": 3}
