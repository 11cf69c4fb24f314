"""The prompt's editor by keyboard and mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip, QVBoxLayout, QWidget
from shiboken6 import isValid

from genstudio.core.controls import Text
from genstudio.ui import shortcuts
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.prompt_edit import MOST_LINES, PromptEdit
from genstudio.ui.widgets.prompt_marks import PromptReader

Key, Mod = Qt.Key, Qt.KeyboardModifier
PROMPT = Text(name="prompt", label="Prompt", role="prompt", max_length=60, help="Say it.")
WORDS = ("a", "hair", "blue", "glasses", "blush", "round")


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.edit, made.other = PromptEdit(PROMPT), QLineEdit()
    column = QVBoxLayout(made)
    column.addWidget(made.edit)
    column.addWidget(made.other)
    column.addStretch(1)
    made.edit.set_reader(PromptReader(WORDS, most=12))
    qtbot.addWidget(made)
    made.resize(300, 420)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.edit.setFocus()
    return made


@pytest.fixture
def edit(window) -> PromptEdit:
    return window.edit


def _type(edit, text: str) -> None:
    QTest.keyClicks(edit, text)


def _press(edit, key, modifier=Mod.NoModifier) -> None:
    QTest.keyClick(edit, key, modifier)


def _offered(edit) -> list[str]:
    popup = edit._popup
    return popup.words() if popup is not None and popup.isVisible() else []


def _marked(edit, look) -> list[str]:
    return [s.cursor.selectedText() for s in edit.extraSelections() if look(s.format)]


def _underlined(form) -> bool:
    return form.underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine


# ---- text


def test_typing_is_told_and_setting_is_not(edit, heard):
    told = heard(edit.changed)
    _type(edit, "ab")
    edit.set_text("a blue hat")
    assert told == ["a", "ab"]
    assert edit.text() == "a blue hat"
    edit.undo()
    assert edit.text() == "ab"


def test_text_beyond_the_limit_is_cut(edit, heard):
    told = heard(edit.changed)
    QApplication.clipboard().setText("x" * 100)
    edit.paste()
    assert (edit.text(), told) == ("x" * 60, ["x" * 60])


def test_it_grows_with_its_lines_up_to_six(edit):
    line = edit.fontMetrics().lineSpacing()
    least = edit.height()
    edit.set_text("a\nb\nc\nd")
    assert edit.height() == least + line
    edit.set_text("\n" * 20)
    assert edit.height() == least + (MOST_LINES - 3) * line
    edit.set_text("")
    assert edit.height() == least
    edit.set_text("word " * 12)
    edit.parentWidget().resize(150, 420)
    QApplication.processEvents()
    assert edit.height() > least + line


def test_signs_beyond_the_first_plane_count_once(window, edit, heard):
    edit.set_text("😀😀 purpel {hair|blue}")
    window.other.setFocus()
    assert _marked(edit, _underlined) == ["purpel"]
    edit.setFocus()
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    _type(edit, " gl")
    _press(edit, Key.Key_Tab)
    assert edit.text() == "😀😀 purpel {hair|blue} glasses"
    edit.set_text("😀")
    edit.set_text("a")
    assert edit.text() == "a"
    edit.take("😀" * 70)
    assert edit.text() == "😀" * 60


# ---- history


def test_history_walks_back_and_forth_and_the_draft_is_kept(edit, heard):
    edit.set_history(["new", "newer text", "old"])
    _type(edit, "draft")
    told = heard(edit.changed)
    for _ in range(5):
        _press(edit, Key.Key_Up, Mod.AltModifier)
    assert told == ["new", "newer text", "old"]
    for _ in range(5):
        _press(edit, Key.Key_Down, Mod.AltModifier)
    assert told[3:] == ["newer text", "new", "draft"]


def test_what_stands_there_is_not_offered_again(edit):
    edit.set_history(["same", "older"])
    edit.set_text("same")
    edit.step_history(1)
    assert edit.text() == "older"
    edit.step_history(-1)
    assert edit.text() == "same"


def test_an_edited_old_prompt_is_a_new_draft(edit):
    edit.set_history(["one", "two"])
    edit.step_history(1)
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    _type(edit, "!")
    edit.step_history(1)
    assert edit.text() == "one"
    edit.step_history(-1)
    assert edit.text() == "one!"


# ---- words


def test_words_are_offered_while_one_types_and_taken_with_tab(window, edit, heard):
    _type(edit, "a b")
    assert _offered(edit) == []
    _type(edit, "l")
    assert _offered(edit) == ["blue", "blush"]
    told = heard(edit.changed)
    _press(edit, Key.Key_Tab)
    assert (edit.text(), told[-1], _offered(edit)) == ("a blue", "a blue", [])
    assert edit.hasFocus()
    _press(edit, Key.Key_Tab)
    assert window.other.hasFocus()


def test_a_word_is_chosen_with_the_arrows(edit):
    _type(edit, "bl")
    for _ in range(2):
        _press(edit, Key.Key_Down)
    _press(edit, Key.Key_Up)
    _press(edit, Key.Key_Down)
    _press(edit, Key.Key_Return)
    assert edit.text() == "blush"


def test_return_without_a_choice_begins_a_line(edit):
    _type(edit, "bl")
    _press(edit, Key.Key_Down)
    _press(edit, Key.Key_Up)
    _press(edit, Key.Key_Return)
    assert edit.text() == "bl\n"


def test_offered_words_go_with_escape_with_the_focus_and_when_whole(window, edit, heard):
    escaped = heard(shortcuts.bind(window, "cancel", lambda: None, window=True).activated)
    _type(edit, "bl")
    _press(edit, Key.Key_Escape)
    assert (_offered(edit), edit.text(), escaped) == ([], "bl", [])
    _type(edit, "u")
    assert _offered(edit) == ["blue", "blush"]
    _type(edit, "e")
    assert _offered(edit) == []
    _press(edit, Key.Key_Backspace)
    window.other.setFocus()
    assert _offered(edit) == []
    edit.setFocus()
    _press(edit, Key.Key_Backspace)
    _press(edit, Key.Key_Left)
    assert _offered(edit) == []


def test_all_words_on_demand_stand_apart_from_what_is_written(edit):
    _press(edit, Key.Key_Space, Mod.ControlModifier)
    assert _offered(edit) == list(WORDS)
    edit._popup.itemClicked.emit(edit._popup.item(1))
    assert edit.text() == "hair"
    edit.show_words()
    edit._popup.itemClicked.emit(edit._popup.item(2))
    assert edit.text() == "hair blue"
    _type(edit, ", {gl")
    edit.show_words()
    assert _offered(edit) == ["glasses"]
    _press(edit, Key.Key_Tab)
    assert edit.text() == "hair blue, {glasses"


def test_the_offer_stays_inside_the_window(window, edit):
    edit.set_text("\n" * 5 + "x" * 30 + " ")
    window.resize(300, 160)
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    edit.show_words()
    assert window.rect().contains(edit._popup.geometry())


# ---- marks


def test_unknown_words_are_underlined_but_not_the_one_being_written(window, edit):
    _type(edit, "purpel hiar")
    assert _marked(edit, _underlined) == ["purpel"]
    window.other.setFocus()
    assert _marked(edit, _underlined) == ["purpel", "hiar"]
    edit.set_reader(PromptReader())
    assert _marked(edit, _underlined) == []


def test_alternatives_are_marked_in_both_themes(edit):
    edit.set_text("a {blue|{round|}} {x}")
    for name in ("dark", "light"):
        theme().choose(name)
        accent = _marked(edit, lambda form: form.foreground().color() == color("accent"))
        wash = _marked(edit, lambda form: form.background().color() == color("wash"))
        assert accent == ["{", "|{", "|}}"]
        assert wash == ["{blue|{round|}}"]


def test_what_is_not_read_is_dim(edit):
    edit.set_reader(PromptReader(WORDS, most=2))
    edit.set_text("a blue hair round")
    dim = _marked(edit, lambda form: form.foreground().color() == color("dim"))
    assert dim == ["hair round"]
    assert "reads 2 words" in edit.tip_at(edit.cursorRect().center())


def test_the_tip_of_an_unknown_word_says_which_are_like_it(edit):
    edit.set_text("a gaslses")
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    place = edit.cursorRect().center()
    for point, words in ((place, "“gaslses” is no word"), (QPoint(4, place.y()), "Say it.")):
        event = QHelpEvent(QEvent.Type.ToolTip, point, edit.viewport().mapToGlobal(point))
        QApplication.sendEvent(edit.viewport(), event)
        assert words in QToolTip.text()
    assert "Like it: glasses." in edit.tip_at(place)
    QToolTip.hideText()


def test_a_screen_reader_hears_it_too(window, edit):
    edit.set_text("purpel {hair|blue}")
    window.other.setFocus()
    said = "Say it. 2 words · 2 alternatives · 1 not known"
    assert (edit.accessibleName(), edit.accessibleDescription()) == ("Prompt", said)


def test_the_menu_mends_a_word(edit, heard):
    edit.set_text("a gaslses hair")
    place = edit.document().find("gasl").selectionStart() + 2
    cursor = edit.textCursor()
    cursor.setPosition(place)
    edit.setTextCursor(cursor)
    point = edit.cursorRect().center()
    where = edit.viewport().mapToGlobal(point)
    edit.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, where))
    menu = edit.findChild(QMenu)
    told = heard(edit.changed)
    assert menu.actions()[0].text() == "Write “glasses”"
    menu.actions()[0].trigger()
    assert told == ["a glasses hair"]
    menu.close()


# ---- keys


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Key.Key_Return, Mod.ControlModifier),
        (Key.Key_Return, Mod.ShiftModifier),
    ],
)
def test_keys_that_generate_do_so_from_within(window, edit, key, modifier, heard):
    pressed = heard(shortcuts.bind(window, "generate", lambda: None, window=True).activated)
    _type(edit, "a")
    _press(edit, key, modifier)
    assert (len(pressed), edit.text()) == (1, "a")


def test_its_offer_goes_with_the_editor(window, edit, qtbot):
    edit.show_words()
    popup = edit._popup
    edit.deleteLater()
    qtbot.waitUntil(lambda: not isValid(popup))
