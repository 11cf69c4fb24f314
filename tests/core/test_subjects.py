"""What evaluations are about: every kind of data has one, and its words fit."""

from __future__ import annotations

from typing import get_args

import pytest

from genstudio.core import measures, subjects
from genstudio.core.dataset import DataKind
from genstudio.core.manifest import Score


@pytest.mark.parametrize("kind", get_args(DataKind))
def test_every_kind_of_data_has_a_subject(kind: str):
    about = subjects.of(kind)
    assert about.kind == kind
    assert about.usual in about.counts
    assert about.counts == tuple(sorted(about.counts))
    assert about.meaning.startswith("An evaluation")
    assert measures.things(Score(metric="m", value=1, settings={"kind": kind})) == about.things


@pytest.mark.parametrize("kind", ["judge", "", None, 7, "film"])
def test_judges_and_what_is_not_known_are_about_pictures(kind: object):
    assert subjects.of(kind) is subjects.PICTURES


def test_only_pictures_are_judged_and_only_texts_have_word_lists():
    assert [about.kind for about in subjects.ALL if about.judged] == ["image"]
    assert [about.kind for about in subjects.ALL if about.lists] == ["text"]


def test_measures_name_kinds_that_there_are():
    known = {about.kind for about in subjects.ALL}
    assert all(set(measure.kinds) <= known for measure in measures.MEASURES.values())
    assert {"image", "text", "music"} <= {k for m in measures.MEASURES.values() for k in m.kinds}
