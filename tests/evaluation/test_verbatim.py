"""Copies of training texts are counted, with their longest and its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genstudio.evaluation import verbatim
from genstudio.evaluation.text_material import Written
from genstudio.media import fingerprints
from tests.evaluation import lettered


@pytest.fixture(scope="module")
def material() -> lettered.TextMaterial:
    return lettered.material()


def test_shares_of_copied_words(material) -> None:
    source = material.train[2].text.split()
    own = [f"own{number}" for number in range(12)]
    half = " ".join(own[:12] + source[30:42])
    prints = fingerprints.exact((one.name, one.text) for one in material.train)
    found, longest = verbatim.shares([half, " ".join(source[:50]), " ".join(own), ""], [prints])
    assert found.tolist() == pytest.approx([0.5, 1.0, 0.0, 0.0])
    assert [one.words for one in longest] == [12, 50]
    assert {one.source for one in longest} == {"tales 2"}


def test_the_score_names_the_longest_copy_and_its_source(material) -> None:
    words = material.train[9].text.split()
    copied, own = " ".join(words[:40]), " ".join(f"x{i}" for i in range(40))
    material.written = (
        Written("p", copied, own, "storms"),
        Written("p", own, own, "storms"),
    )
    (score,) = verbatim.verbatim(material)
    assert score.value == pytest.approx(0.5)
    assert score.settings["longest_copy"] == 40
    assert score.settings["longest_source"] == "storms 3"
    assert score.settings["texts_with_copies"] == 1
    assert score.floor == 0.0


def test_no_copies_and_no_floor_where_nothing_is_unseen(material) -> None:
    own = " ".join(f"y{i}" for i in range(30))
    fresh = replace(material, written=(Written("p", own, own, ""),), held_out=False, _cache={})
    (score,) = verbatim.verbatim(fresh)
    assert score.value == 0
    assert score.floor is None
    assert score.settings["longest_copy"] == 0
    assert score.settings["longest_source"] == ""


def test_copies_from_the_texts_of_the_base_count_too(material, monkeypatch) -> None:
    below = " ".join(f"z{i}" for i in range(60))
    prints = fingerprints.make([("old book", below)])
    monkeypatch.setattr(verbatim.copies, "of", lambda model: [prints, prints])
    monkeypatch.setattr(material.model.manifest, "base", "another")
    fresh = replace(material, written=(Written("p", below, below, ""),), _cache={})
    (score,) = verbatim.verbatim(fresh)
    assert score.value > 0.7
    assert score.settings["longest_source"] == "old book"
