"""The Quality page of models of text: words, the bias audit, which texts and lists."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from genstudio.core import bias_page, measures, subjects
from genstudio.core.errors import ReadOnly
from genstudio.core.manifest import Score
from genstudio.studio import word_lists
from genstudio.ui.panels.models import ModelsPanel
from genstudio.ui.panels.quality import intro
from genstudio.ui.panels.quality_rows import BiasTable, ScoreGroup, details_of
from genstudio.ui.widgets.score_bar import ScoreBar
from tests.helpers.fake_data import keep

WAY = {"data": "tales", "split": "valid", "seed": 0, "kind": "text", "counted": "texts"}
GROUPS = {"women against men": "+0.120 (+0.020 to +0.210)", "old against young": "-0.030"}


def score(metric: str, **settings) -> Score:
    return Score(
        metric=metric,
        value=0.2,
        low=0.1,
        high=0.3,
        floor=0.15,
        samples=80,
        better="lower",
        settings={**WAY, **settings},
    )


def audit() -> list[Score]:
    likelihood = score(
        "bias_likelihood",
        by_group=GROUPS,
        strongest={"women against men": "gentle +1.2, brave -0.9"},
        floor="chance",
        word_lists="own",
    )
    return [likelihood, score("bias_tone", by_group=GROUPS, floor="chance")]


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


@pytest.fixture
def panel(everything) -> ModelsPanel:
    model = everything.state.models.find("shapes")
    model.modality = "text"
    model.tasks = (model.tasks[0].model_copy(update={"name": "sample"}),)
    shown = everything.shown(ModelsPanel(everything.state))
    shown.cards.chosen.emit("shapes")
    shown.show_page("quality")
    return shown


def test_an_empty_page_says_what_an_evaluation_of_text_is(panel):
    assert panel.quality.empty.isVisible()
    assert subjects.TEXTS.meaning in texts(panel.quality.empty)


def test_how_to_read_it_names_texts_and_chance():
    said = intro(tuple(audit()))
    assert "other real texts reach" in said
    assert "“chance” marks" in said
    assert "chance" not in intro((score("repetition"),))
    assert "pictures" not in said


def test_a_row_counts_texts_and_the_bar_names_its_floor(qtbot):
    group = ScoreGroup("How varied", [score("repetition")])
    qtbot.addWidget(group)
    assert "80 texts · seed 0 · held-out texts of tales" in texts(group)
    bar = ScoreBar()
    qtbot.addWidget(bar)
    for one, mark, name in (
        (score("repetition"), "real", "real texts 0.15"),
        (audit()[0], "chance", "chance 0.15"),
    ):
        bar.set_score(one)
        assert bar._mark() == mark
        assert name in measures.sentence(one)


def test_the_audit_is_a_table_with_how_to_read_it(qtbot):
    group = ScoreGroup("Whom it favours", audit())
    qtbot.addWidget(group)
    (table,) = group.findChildren(BiasTable)
    found = texts(table)
    assert set(bias_page.HEADS) <= set(found)
    assert {"women against men", GROUPS["women against men"], "gentle +1.2, brave -0.9"} <= set(
        found
    )
    assert any(bias_page.LIMITS in text for text in found)
    assert "women against men" in table.accessibleDescription()
    assert details_of(audit()[0]) == []
    other = ScoreGroup("How varied", [score("repetition")])
    qtbot.addWidget(other)
    assert not other.findChildren(BiasTable)


def test_details_name_the_longest_copy():
    (line,) = details_of(score("verbatim", longest_copy=23, longest_source="Alice in Wonderland"))
    assert line == "Word for word: the longest copy has 23 words, from Alice in Wonderland"
    assert details_of(score("verbatim", longest_copy=0, longest_source="")) == []
    lengths = details_of(score("distinct", by_length={"1 words": 0.5, "2 words": 0.9}))
    assert lengths == ["Different word pairs by length of the run: 1 words 0.5, 2 words 0.9"]


def test_the_sheet_asks_for_texts_and_has_no_judge(panel, studio, state):
    keep(studio.home, "tales", kind="text")
    keep(studio.home, "toys")
    panel.run("evaluate")
    sheet = panel.evaluate
    assert [sheet.data.itemText(i) for i in range(sheet.data.count())] == ["Tales"]
    assert sheet.samples.value() == "100"
    assert "Texts to write" in texts(sheet)
    sheet.picks.set_open(True)
    assert not sheet.judge.isVisible()
    assert sheet.lists.isVisible()
    assert {"perplexity", "verbatim", "bias_tone"} <= set(sheet._pills)
    assert "frechet" not in sheet._pills
    sheet.samples.set_value("50")
    sheet.close_sheet()
    state.models.find("shapes").modality = "image"
    panel.run("evaluate")
    assert sheet.samples.value() == "2000"
    assert not sheet.lists.isVisible()
    assert "perplexity" not in sheet._pills


def test_without_texts_the_sheet_says_so(panel):
    panel.run("evaluate")
    assert "There are no texts to compare with yet: add data first." in texts(panel.evaluate)
    assert not panel.evaluate.go.isEnabled()


def test_word_lists_are_opened_to_be_edited(panel, studio, state, monkeypatch):
    opened, problems = [], []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    panel.run("evaluate")
    panel.evaluate.lists.click()
    assert opened == [str(studio.home.root / "words")]
    assert (studio.home.root / "words" / "bias.json").is_file()
    state.quality.problem.connect(problems.append)

    def refuse(home):
        raise ReadOnly("words cannot be written here")

    monkeypatch.setattr(word_lists, "editable", refuse)
    panel.evaluate.lists.click()
    assert len(opened) == 1
    assert problems[0].what == "words cannot be written here"


def test_the_comparison_speaks_of_texts(panel, state):
    state.models.find("shapes").scores = (score("repetition"),)
    panel.show_page("compare")
    assert "as good as real texts" in panel.compare.shape.text()
