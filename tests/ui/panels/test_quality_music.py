"""The Quality page of models of music: words, which pieces, details of scores."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from genstudio.core import measures, score_table, subjects
from genstudio.core.manifest import Score
from genstudio.ui.panels.models import ModelsPanel
from genstudio.ui.panels.quality import intro
from genstudio.ui.panels.quality_rows import ScoreGroup, details_of
from tests.helpers.fake_data import keep

WAY = {"data": "quartets", "split": "valid", "seed": 0, "kind": "music", "counted": "pieces"}


def score(metric: str, **settings) -> Score:
    return Score(
        metric=metric, value=0.2, low=0.1, high=0.3, floor=0.15, samples=32, better="lower",
        settings={**WAY, **settings},
    )  # fmt: skip


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


@pytest.fixture
def panel(everything) -> ModelsPanel:
    model = everything.state.models.find("shapes")
    model.modality = "music"
    model.tasks = (model.tasks[0].model_copy(update={"name": "sample"}),)
    shown = everything.shown(ModelsPanel(everything.state))
    shown.cards.chosen.emit("shapes")
    shown.show_page("quality")
    return shown


def test_an_empty_page_says_what_an_evaluation_of_music_is(panel):
    assert panel.quality.empty.isVisible()
    assert subjects.PIECES.meaning in texts(panel.quality.empty)


def test_the_sheet_asks_for_pieces_and_has_neither_judge_nor_lists(panel, studio):
    keep(studio.home, "quartets", kind="music")
    keep(studio.home, "toys")
    keep(studio.home, "tales", kind="text")
    panel.run("evaluate")
    sheet = panel.evaluate
    assert [sheet.data.itemText(i) for i in range(sheet.data.count())] == ["Quartets"]
    assert "Pieces to compose" in texts(sheet)
    assert "Compare with the unseen pieces of" in texts(sheet)
    assert sheet.samples.value() == "32"
    sheet.picks.set_open(True)
    assert not sheet.judge.isVisible()
    assert not sheet.lists.isVisible()
    assert {"bits_per_note", "parallels", "note_for_note", "sounds_right"} <= set(sheet._pills)
    assert not {"perplexity", "frechet"} & set(sheet._pills)


def test_without_music_the_sheet_says_so(panel):
    panel.run("evaluate")
    assert "There are no pieces to compare with yet: add data first." in texts(panel.evaluate)
    assert not panel.evaluate.go.isEnabled()


def test_rows_and_the_way_to_read_them_speak_of_pieces(qtbot):
    group = ScoreGroup("How real", [score("note_lengths")])
    qtbot.addWidget(group)
    assert "32 pieces · seed 0 · held-out pieces of quartets" in texts(group)
    assert "other real pieces reach" in intro((score("note_lengths"),))
    assert "real pieces 0.15" in measures.sentence(score("note_lengths"))
    headings = [heading for heading, _ in measures.in_order((score("form"), score("leaps")))]
    assert headings == ["How real", "How varied"]


def test_details_name_lags_sounds_and_the_longest_copy():
    (line,) = details_of(score("note_for_note", longest_run=23, longest_source="Opus 18"))
    assert line == "Note for note: the longest copy has 23 steps, from Opus 18"
    assert details_of(score("note_for_note", longest_run=0, longest_source="")) == []
    lags = details_of(score("form", by_lag={"1": 0.25}, by_lag_real={"1": 0.5}))
    assert lags == [
        "What comes again by bars back: 1 0.25",
        "What comes again by bars back, real pieces: 1 0.5",
    ]
    (sound,) = details_of(score("sounds_right", by_sound={"silence": 0.1, "lowest": 40}))
    assert sound == "Sounds as it should on average: silence 0.1, lowest 40"


def test_the_card_says_the_same():
    table = score_table.table(
        [score("form", by_lag={"1": 0.25}), score("note_for_note", longest_run=23)]
    )
    assert "| Score | Value | 95 % interval | Real pieces |" in table
    assert "by bars back: 1 0.25" in table
    assert "longest copy 23 steps" in table
    assert "held-out pieces of quartets" in table


def test_the_comparison_speaks_of_pieces(panel, state):
    state.models.find("shapes").scores = (score("form"),)
    panel.show_page("compare")
    assert "as good as real pieces" in panel.compare.shape.text()
