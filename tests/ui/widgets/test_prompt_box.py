"""The box around a prompt: examples, history, styles, the negative prompt; how often to ask."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from genstudio.core.controls import Text
from genstudio.ui.widgets.prompt_box import PromptBox
from genstudio.ui.widgets.prompt_marks import PromptReader
from genstudio.ui.widgets.prompt_styles import StyleWords
from genstudio.ui.widgets.times_button import TimesButton

PROMPT = Text(name="prompt", label="Prompt", role="prompt", placeholder="What?")
AVOID = Text(name="avoid", label="Negative prompt", role="negative")
EXAMPLES = ("a cat", "a dog & a cat", "a {red|blue} bird with a very long tail indeed", "fourth")


@pytest.fixture
def box(qtbot) -> PromptBox:
    made = PromptBox()
    made.set_controls(PROMPT, AVOID)
    made.set_reader(PromptReader(("cat", "dog"), 9), EXAMPLES)
    qtbot.addWidget(made)
    made.resize(286, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _actions(menu: QMenu) -> dict[str, object]:
    return {action.text(): action for action in menu.actions() if action.text()}


def test_examples_are_there_until_something_is_written(box, heard):
    told = heard(box.changed)
    chips = box.examples.chips
    assert [chip.toolTip() for chip in chips] == list(EXAMPLES[:3])
    assert chips[2].text().endswith("…")
    assert not box.numbers.isVisible()
    _click(chips[1])
    assert told == [("prompt", "a dog & a cat")]
    assert not box.examples.isVisible()
    assert box.numbers.text() == "4 words"
    box.set_texts("", "")
    assert box.examples.isVisible()
    assert len(told) == 1


def test_without_examples_and_words_nothing_is_offered(box):
    box.set_reader(PromptReader(), ())
    assert not box.examples.isVisible()
    assert not box.words.isVisible()


def test_the_negative_prompt_is_folded_until_it_is_used(box, heard):
    told = heard(box.changed)
    assert not box.negative.isVisible()
    box.set_texts("a cat", "mud")
    assert box.negative.isVisible()
    box.fold.set_open(False)
    box.set_texts("a cat", "mud dog")
    QTest.keyClicks(box.negative, "x")
    assert told[-1] == ("avoid", "mud dogx")
    box.set_controls(PROMPT, None)
    assert not box.fold.isVisible()


def test_folding_a_used_negative_prompt_says_that_it_is_there(box):
    box.set_texts("a cat", "dog")
    box.fold.set_open(False)
    assert box.numbers.text() == "2 words · avoiding 1 word"


def test_other_controls_make_other_editors_and_keep_what_is_known(box):
    before = box.edit
    box.set_history(["old"], ["mud"])
    box.set_controls(PROMPT, AVOID)
    assert box.edit is before
    box.set_controls(Text(name="text", label="Words", role="prompt"), AVOID)
    assert box.heading.text() == "Words"
    box.edit.step_history(1)
    box.negative.step_history(1)
    assert (box.edit.text(), box.negative.text()) == ("old", "mud")
    assert box.edit.unknown_at(1) == "old"


def test_history_is_a_menu_too(box, heard):
    told, cleared = heard(box.changed), heard(box.history_cleared)
    assert not box.past.isEnabled()
    texts = ["first & last", "x" * 100, *(f"p{i}" for i in range(30))]
    box.set_history(texts, [])
    assert box.past.isEnabled()
    found = _actions(box.history_menu())
    assert list(found)[:2] == ["first && last", "x" * 59 + "…"]
    assert len(found) == 21
    found["x" * 59 + "…"].trigger()
    assert told == [("prompt", "x" * 100)]
    found["Clear history"].trigger()
    assert len(cleared) == 1


def test_buttons_open_words_history_and_styles(box, qtbot):
    box.set_history(["old"], [])
    _click(box.words)
    assert box.edit._popup.words() == ["cat", "dog"]
    for button, first in ((box.past, "old"), (box.looks, "Keep this prompt as a style…")):
        _click(button)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        menu = QApplication.activePopupWidget()
        assert next(iter(_actions(menu))) == first
        menu.close()


# ---- styles


@pytest.fixture
def bar(box):
    box.styles.set_styles([StyleWords("Soft", "…, soft"), StyleWords("A & B")], ["Soft"])
    return box.styles


def test_styles_in_use_are_chips_that_take_themselves_off(bar, heard):
    used = heard(bar.used)
    (chip,) = bar.row.chips
    assert (chip.text(), chip.accessibleName()) == ("Soft", "Style Soft: take off")
    assert "…, soft" in chip.toolTip()
    _click(chip)
    assert used == [("Soft", False)]
    bar.set_styles([], [])
    assert not bar.row.isVisible()


def test_the_menu_switches_renames_and_deletes(bar, box, heard):
    used, deleted, renamed = heard(bar.used), heard(bar.deleted), heard(bar.renamed)
    found = _actions(bar.menu(box))
    assert [a.isChecked() for a in found.values()][:2] == [True, False]
    found["A && B"].trigger()
    found["Soft"].trigger()
    assert used == [("A & B", True), ("Soft", False)]
    _actions(found["Delete"].menu())["Soft"].trigger()
    assert deleted == ["Soft"]
    _actions(found["Rename"].menu())["A && B"].trigger()
    assert (bar.line.name.text(), bar.line.settings.isVisible()) == ("A & B", False)
    bar.line.name.setText(" C ")
    QTest.keyClick(bar.line.name, Qt.Key.Key_Return)
    assert renamed == [("A & B", "C")]
    assert not bar.line.isVisible()


def test_a_new_style_asks_for_a_name_and_whether_with_settings(bar, box, heard):
    kept = heard(bar.kept)
    _actions(bar.menu(box))["Keep this prompt as a style…"].trigger()
    assert bar.line.name.text() == "Soft"
    bar.line.name.setText("  ")
    assert not bar.line.ok.isEnabled()
    QTest.keyClick(bar.line.name, Qt.Key.Key_Return)
    assert kept == []
    bar.line.name.setText("Mine")
    _click(bar.line.settings)
    _click(bar.line.ok)
    assert kept == [("Mine", True)]


def test_escape_leaves_the_name(bar, box, heard):
    kept = heard(bar.kept)
    _actions(bar.menu(box))["Keep this prompt as a style…"].trigger()
    QTest.keyClick(bar.line.name, Qt.Key.Key_Escape)
    assert not bar.line.isVisible()
    assert kept == []


# ---- how often


def test_how_often_by_menu_keys_and_wheel(qtbot, heard):
    button = TimesButton(8)
    qtbot.addWidget(button)
    button.show()
    button.activateWindow()
    qtbot.waitUntil(button.isActiveWindow)
    told = heard(button.changed)
    found = _actions(button.menu_of_times())
    assert list(found) == ["Once", "2 times", "3 times", "4 times", "6 times", "8 times"]
    found["8 times"].trigger()
    button.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(button, key)
    _wheel(button, 120)
    assert told == [8, 7, 6, 7]
    assert (button.text(), button.accessibleName()) == ("× 7", "How often: 7")
    button.clearFocus()
    _wheel(button, -120)
    assert button.value() == 7
    button.set_value(0)
    assert (button.value(), len(told)) == (1, 4)


def _wheel(button, turn: int) -> None:
    middle = QPointF(button.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, middle, QPoint(), QPoint(0, turn), *none, False)
    QApplication.sendEvent(button, event)
