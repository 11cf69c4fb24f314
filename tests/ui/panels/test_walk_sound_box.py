"""Sound for a walk in the export sheet: there for films, filled with pieces, told to the state."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio.core.request import Request
from genstudio.studio.pieces import of_piece
from genstudio.studio.timed_walks import Timed
from genstudio.ui.panels.export_sheet import ExportSheet
from tests.helpers import a11y
from tests.helpers.pieces import chorale


@pytest.fixture
def song(studio) -> str:
    kept = of_piece(chorale(), studio.pieces.new("Song"))
    studio.pieces.put(kept)
    return f"piece:{kept.id}"


@pytest.fixture
def walk(studio):
    request = Request(model="shapes", task="walk", values={"stops": 5, "loop": True})
    return studio.gallery.make(request, output="animation")


@pytest.fixture
def sheet(everything, song):
    parent = everything.shown(QWidget(), 900, 760)
    made = ExportSheet(everything.state.exports, parent)
    made.keeps = parent
    yield made
    made.close_loader()


def test_only_films_can_have_sound(sheet, walk, studio):
    sheet.open_for([studio.gallery.make(Request(model="shapes", task="make"))])
    assert not sheet.sound.isVisible()
    sheet.open_for([walk])
    assert sheet.sound.isVisible()
    assert not sheet.sound.every.isVisible(), "without a piece there is nothing to choose"
    sheet.format.changed.emit(".gif")
    assert not sheet.sound.isVisible()


def test_a_chosen_piece_brings_the_timing_and_the_sheet_grows(sheet, walk, song):
    sheet.open_for([walk])
    before = sheet.height()
    sheet.sound.piece.set_value(song)
    sheet.sound.piece.chosen.emit(song)
    assert sheet.sound.every.isVisible()
    assert sheet.height() > before + 100
    assert "walk's 5 pictures" in sheet.sound.told.text()
    assert sheet.sound.last.box.text() == "end"
    sheet.sound.piece.chosen.emit("")
    assert sheet.height() == before


def test_the_export_is_told_all_of_it(sheet, walk, song, studio):
    sheet.open_for([walk])
    box = sheet.sound
    box.piece.chosen.emit(song)
    box.every.changed.emit("bar")
    box.eased.click()
    box.first.box.setValue(2)
    box.last.box.setValue(3)
    sheet.go.click()
    wish = Timed.of(studio.queue.last.body["timed"])
    assert (wish.every, wish.eased, wish.first, wish.last) == ("bar", False, 2, 3)
    assert wish.piece == studio.pieces.path(song.partition(":")[2])


def test_opened_again_it_shows_what_is_there_now(sheet, walk, song, studio):
    sheet.open_for([walk])
    sheet.sound.piece.chosen.emit(song)
    studio.pieces.remove(song.partition(":")[2])
    sheet.open_for([walk])
    assert sheet.sound.piece.value() == ""
    assert sheet.sound.piece.findText("Song") < 0
    assert not sheet.sound.every.isVisible()


def test_a_file_can_be_chosen(sheet, walk, monkeypatch):
    sheet.open_for([walk])
    given = iter(["/music/tune.mid", ""])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(given), ""))
    sheet.sound.piece.chosen.emit("file")
    assert sheet.sound.piece.currentText() == "tune.mid"
    sheet.sound.piece.chosen.emit("file")
    assert sheet.sound.piece.currentText() == "tune.mid", "the dialog was left"
    assert sheet._state.sound.told()["piece"] == str(Path("/music/tune.mid"))


def test_everything_has_a_name_and_can_be_reached(sheet, walk, song):
    sheet.open_for([walk])
    sheet.sound.piece.chosen.emit(song)
    assert a11y.nameless(sheet.sound) == []
