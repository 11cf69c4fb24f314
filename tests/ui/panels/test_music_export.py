"""The export sheet of a piece: what it says, what it asks for, what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from genstudio.core.errors import Problem, UsageError
from genstudio.core.events import Cancelled, Done, Failed
from genstudio.core.piece_file import KeptSound, KeptTrack, Made, PieceFile
from genstudio.studio.pieces import mark_of, to_piece
from genstudio.studio.pieces_out import ENDINGS
from genstudio.ui.panels import music_export
from genstudio.ui.panels.music_export import NOTHING, RECORDINGS, DragOut, MusicExport
from genstudio.ui.state.music_export_state import MusicExportState
from genstudio.ui.theme import theme
from genstudio.ui.widgets import drag_pill

ROWS = ((0, 480, 60, 80, 0), (480, 480, 62, 80, 0))


def kept(**changes) -> PieceFile:
    return PieceFile(id="p1", title="Song", named=True, notes=ROWS).model_copy(update=changes)


@pytest.fixture
def export(studio, tmp_path) -> MusicExportState:
    made = MusicExportState(studio)
    made.set_folder(tmp_path)
    return made


class Open:
    """What is open in the panel."""

    def __init__(self) -> None:
        self.piece, self.span = kept(), None


@pytest.fixture
def opened() -> Open:
    return Open()


@pytest.fixture
def parent(shown) -> QWidget:
    return shown(QWidget())


@pytest.fixture
def sheet(export, opened, parent) -> MusicExport:
    made = MusicExport(export, lambda: opened.piece, lambda: opened.span, parent)
    made.open_for()
    return made


def end(export: MusicExportState, studio, path: Path) -> None:
    export.on_event(Done(job=studio.queue.last.job, data={"paths": [str(path)]}))


# ---- what it says


def test_it_opens_on_its_one_button(sheet):
    assert sheet.isVisible()
    assert sheet.focusWidget() is sheet.go
    assert sheet.about.text() == "2 notes, nothing of it made by models."
    assert sheet.last.isHidden(), "nothing was written yet"


@pytest.mark.parametrize(("count", "words"), [(1, "1 part of it"), (2, "2 parts of it")])
def test_it_says_how_much_models_made(sheet, opened, count, words):
    opened.piece = kept(made=(Made(model="voices"),) * count, notes=ROWS[:1])
    sheet.open_for()
    assert sheet.about.text() == f"1 note, {words} made by models."


def test_it_says_so_where_models_made_all_of_it(sheet, opened):
    own = kept(made=(Made(model="voices"),))
    opened.piece = own.model_copy(update={"alone": (mark_of(to_piece(own)),)})
    sheet.open_for()
    assert sheet.about.text() == "2 notes, all made by models."


@pytest.mark.parametrize("track", [KeptTrack(muted=True), KeptTrack(solo=True)])
def test_muted_tracks_are_missing_where_it_is_heard_and_there_where_it_is_read(
    sheet, opened, export, track
):
    opened.piece = kept(tracks=(track,))
    export.set_ext(".mid")
    assert "Muted" not in sheet.about.text()
    export.set_ext(".wav")
    assert sheet.about.text().endswith("Muted tracks are left out.")


def test_an_empty_piece_is_not_exported(sheet, opened):
    opened.piece = kept(notes=())
    sheet.open_for()
    assert sheet.about.text().startswith("0 notes")
    assert not sheet.go.isEnabled()


def test_only_a_piece_with_marked_bars_asks_which_part(sheet, opened):
    assert sheet.part.isHidden()
    opened.span = (0, 480)
    sheet.open_for()
    assert sheet.part.isVisible()
    sheet.part.setChecked(True)
    sheet.open_for()
    assert not sheet.part.isChecked(), "each time all of it is offered"


def test_what_will_be_written_is_shown_word_for_word(sheet, opened, export):
    opened.piece = kept(made=(Made(model="voices", task="fill", seed=7, bars=(2, 3)),))
    sheet.shown.set_open(True)
    address, _, record = sheet.written.toPlainText().partition("\n\nGenStudio\n")
    assert address.startswith("DigitalSourceType\nhttp")
    assert "voices" in json.dumps(json.loads(record))
    export.set_level("label")
    assert sheet.written.toPlainText() == address
    export.set_level("bare")
    assert sheet.written.toPlainText() == NOTHING


def test_a_piece_without_models_says_nothing_at_any_level(sheet, export):
    sheet.shown.set_open(True)
    for level in ("full", "label", "bare"):
        export.set_level(level)
        assert sheet.written.toPlainText() == NOTHING


def test_recordings_in_place_of_drums_are_told_where_sound_is_written(sheet, opened, export):
    sound = KeptSound(pitch=36, file="0" * 16, name="boom")
    opened.piece = kept(tracks=(KeptTrack(drums=True, sounds=(sound,)),))
    sheet.shown.set_open(True)
    assert sheet.written.toPlainText() == NOTHING, "MIDI holds notes alone"
    export.set_ext(".wav")
    assert sheet.written.toPlainText() == f"{NOTHING}\n\n{RECORDINGS}"
    export.set_level("bare")
    assert sheet.written.toPlainText() == NOTHING


# ---- what it asks for


@pytest.mark.parametrize("ext", ENDINGS)
def test_every_format_can_be_chosen_by_its_pill(sheet, export, studio, ext):
    sheet.format.pill(ext).click()
    assert (export.ext, sheet.format.value()) == (ext, ext)
    QTest.keyClick(sheet.go, Qt.Key.Key_Space)
    assert studio.queue.last.body["ext"] == ext


def test_the_marked_bars_alone_or_all(sheet, opened, studio, export, tmp_path):
    opened.span = (480, 960)
    sheet.open_for()
    sheet.go.click()
    assert studio.queue.last.body["span"] is None
    end(export, studio, tmp_path / "a.mid")
    sheet.part.click()
    sheet.go.click()
    assert studio.queue.last.body["span"] == [480, 960]
    end(export, studio, tmp_path / "a.mid")
    opened.span = None
    sheet.go.click()
    assert studio.queue.last.body["span"] is None, "they are not marked any more"


def test_pictures_get_the_colours_in_sight(sheet, studio, export, tmp_path):
    found = []
    for name in ("dark", "light"):
        theme().choose(name)
        sheet.go.click()
        found.append(studio.queue.last.body["colours"])
        end(export, studio, tmp_path / "a.png")
    assert found[0] != found[1]
    assert found[1] == music_export.colours()
    assert all(len(value) == 6 and int(value, 16) >= 0 for value in found[0].values())


def test_another_folder_is_chosen_and_an_escape_keeps_the_old_one(sheet, export, monkeypatch):
    before = export.folder
    answers = ["", str(before / "songs")]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: answers.pop(0))
    sheet.choose.click()
    assert export.folder == before
    sheet.choose.click()
    assert export.folder == before / "songs"
    assert sheet.folder.toolTip() == str(before / "songs")


# ---- what became of it


def test_while_it_writes_it_cannot_be_asked_again(sheet, studio, export, tmp_path):
    sheet.go.click()
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Exporting…", False)
    export.set_ext(".flac")
    assert not sheet.go.isEnabled(), "another format does not free it"
    sheet.go.click()
    assert studio.queue.count == 1
    end(export, studio, tmp_path / "Song.mid")
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)
    assert sheet.last.isVisible()
    assert "Song.mid" in sheet.last.text()


def test_the_focus_stays_in_the_sheet_while_it_writes(sheet, studio, export, tmp_path):
    below = QPushButton("Play", sheet.parentWidget())
    below.show()
    sheet.go.setFocus()
    sheet.go.click()
    assert QApplication.focusWidget() is sheet, "not below it"
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert sheet.isVisible(), "a second Return does nothing"
    end(export, studio, tmp_path / "Song.mid")
    assert QApplication.focusWidget() is sheet.go
    sheet.go.click()
    sheet.choose.setFocus()
    end(export, studio, tmp_path / "Song.mid")
    assert QApplication.focusWidget() is sheet.choose, "who went on is left there"


@pytest.mark.parametrize("stopped", [True, False])
def test_after_a_failure_it_can_be_tried_again(sheet, studio, export, stopped):
    sheet.go.click()
    job = studio.queue.last.job
    trouble = Problem(kind="disk", what="The disk is full")
    export.on_event(Cancelled(job=job) if stopped else Failed(job=job, problem=trouble))
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)
    assert sheet.last.isHidden()
    sheet.go.click()
    assert studio.queue.count == 2


def test_a_refusal_leaves_the_button(sheet, studio, export, heard):
    problems = heard(export.problem)
    studio.queue.refuse = UsageError("No room in the queue")
    sheet.go.click()
    assert len(problems) == 1
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)


def test_escape_and_close_leave_it(sheet):
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    sheet.open_for()
    sheet.leave.click()
    assert sheet.isHidden()


# ---- dragging out


def test_the_written_file_can_be_dragged_out(qtbot, tmp_path, monkeypatch):
    drags = []

    class Drag:
        def __init__(self, _source) -> None:
            drags.append(self)

        def setMimeData(self, data) -> None:
            self.files = [url.toLocalFile() for url in data.urls()]

        def exec(self, action) -> None:
            self.action = action

    monkeypatch.setattr(drag_pill, "QDrag", Drag)
    source = DragOut()
    qtbot.addWidget(source)

    def pull(far: int) -> None:
        for kind, x in ((QMouseEvent.Type.MouseButtonPress, 0), (QMouseEvent.Type.MouseMove, far)):
            left = Qt.MouseButton.LeftButton
            none = Qt.KeyboardModifier.NoModifier
            event = QMouseEvent(kind, QPointF(x, 0), QPointF(x, 0), left, left, none)
            QApplication.sendEvent(source, event)

    pull(100)
    assert drags == [], "there is no file yet"
    source.show_file(tmp_path / "名前 #1.mid")
    pull(QApplication.startDragDistance() - 1)
    assert drags == []
    pull(QApplication.startDragDistance())
    (drag,) = drags
    assert drag.files == [str(tmp_path / "名前 #1.mid")]
    assert drag.action == Qt.DropAction.CopyAction
    assert source.toolTip() == str(tmp_path / "名前 #1.mid")
