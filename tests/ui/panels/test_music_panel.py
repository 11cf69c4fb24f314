"""The Music panel: asking, drafts over the roll, keeping the best, tracks, pieces, coming back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.core import composing
from genstudio.core.events import Result
from genstudio.media import midi
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.studio.pieces import models_alone
from genstudio.ui.panels.music import MusicPanel
from genstudio.ui.panels.music_playing import MusicPlaying
from genstudio.ui.panels.text_side import DOCUMENTS
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.drag_pill import mime_of
from tests.helpers import a11y
from tests.helpers.composers import add_composers, done, finished, frame, notes
from tests.helpers.fake_studio import FakeBridge
from tests.helpers.pieces import chorale, same

BAR = 1920
PIECE = chorale(bars=4, voices=2).within(0, 4 * BAR)


@pytest.fixture
def state(studio):
    add_composers(studio)
    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def panel(state, shown) -> MusicPanel:
    state.music.ask.set_model("voices")
    state.music.ask.set_values({"count": 1})
    state.music.pieces.new(PIECE, "Song")
    made = shown(MusicPanel(state))
    made.activated()
    return made


@pytest.fixture
def roll(panel):
    return panel.page.roll


def fill(panel, first: int = BAR, end: int = 2 * BAR, count: int = 1) -> str:
    """Ask for bars; the job."""
    panel._state.ask.set_task("fill")
    panel._state.ask.set_values({"count": count})
    panel.page.roll.set_region(first, end)
    assert panel.write()
    return panel._state.job


def compose(panel, job: str, *rows, index: int = 0, span=(BAR, 2 * BAR)) -> None:
    panel._state.on_event(frame(job, PIECE, span, (0, 1), index))
    panel._state.on_event(notes(job, *rows, index=index))
    panel.drafting._draw()


# ---- a first look


def test_a_first_start_shows_a_piece_and_what_to_do_with_it(state, shown, studio):
    panel = shown(MusicPanel(state))
    assert len(panel.page.roll.piece().notes) > 50
    assert "quartet" in panel.answer.title.toolTip()
    assert panel.asking.tracks.tracks()[0].name == "Violin 1"
    assert panel.asking.generate.text() == "Fill bars 3–4 · 3 drafts"
    assert studio.pieces.list() == [], "a look keeps nothing"
    assert panel.write()
    values = studio.queue.last.request.values
    assert (values["from_bar"], values["to_bar"], values["tracks"]) == (3, 4, "2,3")


def test_a_piece_opens_at_its_first_track_that_sounds(panel, roll, state):
    drums = Track("Kit", 0, True)
    state.music.pieces.new(Piece(notes_of([(0, 120, 36, 90, 1)]), (Track("Piano"), drums)), "Beat")
    assert roll.track() == panel.tracks.current == 1
    assert panel.asking.tracks.tracks()[1].drums
    state.music.pieces.new(Piece(notes_of(()), (Track("Piano"), drums)), "Empty")
    assert roll.track() == 0


def test_bars_are_marked_in_no_piece_but_the_first(panel, roll, state):
    pieces = state.music.pieces
    assert roll.region() is None
    pieces.new(chorale(voices=3), "Dropped")
    assert roll.region() is None
    pieces.open_starter()
    assert roll.region() is not None


def test_without_models_pieces_can_be_used_all_the_same(studio, shown):
    state = StudioState(studio, FakeBridge())
    panel = shown(MusicPanel(state))
    assert not panel.asking.generate.isEnabled()
    assert "no model of music yet" in panel.asking.hint.text()
    assert panel.asking.cards.isHidden()
    assert not panel.likely.isEnabled()
    assert not panel.write()
    state.close()


def test_an_empty_piece_offers_ways_to_begin(panel, roll):
    assert panel.page.begin.isHidden()
    panel._state.pieces.new(Piece(notes_of(())), "Empty")
    assert panel.page.begin.isVisible()
    panel.page.begin.starter.click()
    assert len(roll.piece().notes) > 50
    assert panel.page.begin.isHidden()


# ---- asking


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("sample", "Compose 4 bars"),
        ("fill", "Fill bars 2–3"),
        ("harmonise", "Harmonise Soprano"),
        ("continue", "Continue 4 bars"),
    ],
)
def test_the_button_says_what_it_will_do(panel, roll, task, words):
    roll.set_region(BAR, 3 * BAR)
    panel._state.ask.set_task(task)
    assert panel.asking.generate.text() == words


def test_the_form_leaves_out_what_the_roll_knows(panel):
    panel._state.ask.set_task("fill")
    names = {control.name for control in panel.asking.form.controls()}
    assert names.isdisjoint({"piece", "from_bar", "to_bar", "tracks", "locked"})
    assert {"temperature", "count"} <= names


def test_ctrl_enter_in_the_roll_asks(panel, roll, studio):
    panel._state.ask.set_task("fill")
    QTest.keyClick(roll.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert studio.queue.last.request.task == "fill"
    assert not panel.asking.generate.isEnabled()
    assert not panel.write(), "it composes already"
    panel.asking.stop.click()
    assert studio.queue.cancelled == ["j0"]


def test_locked_notes_and_tracks_are_told(panel, roll, studio):
    lock = PIECE.notes[0].item()
    roll.set_locked([(lock[0], lock[2], lock[4])])
    roll.changed.emit(roll.piece(), "Lock")
    panel.asking.tracks.switch(1, "locked").click()
    fill(panel, 0, BAR)
    values = studio.queue.last.request.values
    assert values["tracks"] == "1"
    assert composing.locked_of(values["locked"]) == {(lock[0], lock[2], lock[4])}
    panel._state.stop()
    panel.drafting.drop()
    panel._state.ask.set_task("vary")
    assert panel.write()
    assert studio.queue.last.request.values["kept"] == "2"


def test_the_mouse_leaves_the_keys_to_the_roll(panel, roll):
    page, bar = panel.page, panel.playing.bar
    tools = (page.tools.tools["draw"], page.tools.tools["select"], page.tools.whole)
    for button in (panel.likely, bar.loop, bar.metronome, bar.stop, panel.open_pieces, *tools):
        panel.asking.cards.setFocus()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert roll.canvas.hasFocus(), button.text()
    QTest.keyClick(roll.canvas, Qt.Key.Key_B)
    assert page.tools.tools["draw"].isChecked()


def test_asking_leaves_the_focus_where_it_can_be_used(panel, roll):
    panel._state.ask.set_task("fill")
    QTest.mouseClick(panel.asking.generate, Qt.MouseButton.LeftButton)
    assert panel._state.running
    assert roll.canvas.hasFocus()
    panel._state.stop()
    panel.drafting.drop()
    panel.asking.generate.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.asking.generate, Qt.Key.Key_Space)
    assert panel.asking.stop.hasFocus(), "the button cannot be pressed now"
    QTest.keyClick(panel.asking.stop, Qt.Key.Key_Space)
    assert not panel._state.running
    assert panel.asking.generate.hasFocus()


# ---- drafts


def test_a_draft_grows_over_the_piece_and_is_kept(panel, roll, state, studio):
    job = fill(panel)
    assert roll.region() == (BAR, 2 * BAR, frozenset({0, 1}))
    assert panel.page.cards.isVisible()
    assert not panel.page.keep.isEnabled()
    compose(panel, job, (BAR, 960, 67, 0), (BAR, 960, 48, 1))
    assert roll.model.ghosts["pitch"].tolist() == [67, 48]
    assert same(roll.piece().replaced(title=""), PIECE.replaced(title="")), "nothing is lost yet"
    assert panel.page.keep.isEnabled()
    panel._state.on_event(done(job))
    assert "keeps it" in panel.page.hint.text()
    panel.page.keep.click()
    here = roll.piece().notes
    inside = here[(here["start"] >= BAR) & (here["start"] < 2 * BAR)]
    assert inside["pitch"].tolist() == [67, 48]
    assert len(roll.model.ghosts) == 0
    assert panel.page.cards.isHidden()
    state.music.pieces.save()
    kept = studio.pieces.get(state.music.pieces.current.id)
    assert [made.bars for made in kept.made] == [(2, 2)]
    roll.undo()
    assert len(roll.piece().notes) == len(PIECE.notes)


def test_drafts_are_compared_by_key_and_press(panel, roll):
    job = fill(panel, count=3)
    for index, pitch in enumerate((60, 62, 64)):
        compose(panel, job, (BAR, 960, pitch, 0), index=index)
    panel._state.on_event(done(job))
    assert panel.page.which.text() == "Draft 1 of 3"
    QTest.keyClick(roll.canvas, Qt.Key.Key_N)
    assert (panel.page.which.text(), roll.model.ghosts["pitch"].tolist()) == ("Draft 2 of 3", [62])
    panel.page.cards.chosen.emit(2)
    assert roll.model.ghosts["pitch"].tolist() == [64]
    QTest.keyClick(roll.canvas, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert panel.page.cards.current() == 1
    QTest.keyClick(roll.canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert 62 in roll.piece().notes["pitch"]


def test_a_draft_shows_what_it_makes_anew(panel, roll):
    """A melody that is harmonised stays: it is not drawn as if it went."""
    panel._state.ask.set_task("harmonise")
    assert panel.write()
    compose(panel, panel._state.job, (0, 960, 67, 1), span=(0, 4 * BAR))
    assert roll.region() == (0, 4 * BAR, frozenset({0, 1}))
    panel._state.on_event(frame(panel._state.job, PIECE, (0, 4 * BAR), (1,)))
    panel.drafting._draw()
    assert set(roll.model.rows()["track"][roll.model.going()].tolist()) == {1}


@pytest.mark.parametrize("marked", [None, (BAR, 2 * BAR, frozenset())])
def test_a_draft_that_is_dropped_leaves_the_marks_as_they_were(panel, roll, marked):
    roll.model.set_region(marked)
    panel._state.ask.set_task("fill")
    assert panel.write()
    assert roll.region() is not None
    panel._state.on_event(done(panel._state.job))
    panel.drafting.drop()
    assert roll.region() == marked


@pytest.mark.parametrize("button", ["keep", "drop"])
def test_the_focus_goes_to_the_roll_when_a_draft_was_decided_on(panel, roll, button):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    panel._state.on_event(done(job))
    pressed = getattr(panel.page, button)
    pressed.setFocus()
    pressed.click()
    assert roll.isAncestorOf(QApplication.focusWidget())


def test_what_is_heard_is_the_draft(panel):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 101, 0))
    assert 101 in panel.playing._piece.notes["pitch"]
    panel.page.drop.click()
    assert 101 not in panel.playing._piece.notes["pitch"]


def test_escape_stops_then_drops(panel, roll):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    assert panel.cancel()
    assert not panel._state.running
    assert len(roll.model.ghosts) == 1
    assert panel.cancel()
    assert len(roll.model.ghosts) == 0
    assert len(roll.piece().notes) == len(PIECE.notes)
    assert not panel.cancel()


def test_a_job_without_a_note_leaves_no_draft(panel):
    job = fill(panel)
    panel._state.on_event(done(job))
    assert panel._state.drafts == []
    assert panel.page.cards.isHidden()


def test_asking_again_keeps_the_draft_in_sight(panel, roll, studio):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    panel._state.on_event(done(job))
    assert panel.write()
    assert 67 in roll.piece().notes["pitch"]
    with open(studio.queue.last.request.inputs["piece"], "rb") as file:
        assert 67 in midi.read(file.read()).notes["pitch"]
    values = studio.queue.last.request.values
    assert (values["from_bar"], values["to_bar"]) == (2, 2), "what the button said"
    panel._state.on_event(frame(panel._state.job, PIECE, (BAR, 2 * BAR)))
    roll.set_region(2 * BAR, 3 * BAR)
    assert panel.asking.generate.text() == "Fill bar 3"
    panel._state.stop()
    assert panel.write()
    assert studio.queue.last.request.values["from_bar"] == 3, "marked while a draft stood there"


def test_the_title_has_its_room_back_once_the_drafts_are_gone(state, shown):
    state.music.ask.set_model("voices")
    state.music.pieces.new(PIECE, "A title that is longer than what drafts leave of the bar")
    window = QWidget()  # keeps its size, as the real one does
    panel = MusicPanel(state, window)
    panel.resize(1260, 700)
    shown(window)
    title = panel.answer.title
    whole = title.text()
    job = fill(panel, count=2)
    compose(panel, job, (BAR, 960, 67, 0))
    panel._state.on_event(done(job))
    assert len(title.text()) < len(whole)
    assert panel.keep()
    assert title.text() == whole


def test_a_new_piece_stands_alone_and_becomes_one(panel, roll, state, studio, qapp):
    before = state.music.pieces.current.id
    panel._state.ask.set_task("sample")
    panel.write()
    job = panel._state.job
    panel._state.on_event(frame(job, chorale(voices=3), (0, 4 * BAR), (0, 1, 2)))
    panel._state.on_event(notes(job, (0, 480, 70, 2)))
    panel.drafting._draw()
    assert len(roll.piece().tracks) == 3
    assert panel.content() is None, "a draft is not saved as the piece"
    assert len(panel.asking.tracks.tracks()) == 3
    assert panel.answer.title.text() == "New piece"
    panel._state.on_event(finished(studio, job, panel._state.request, chorale(voices=3)))
    panel._state.on_event(done(job))
    panel._state._results.wait()
    qapp.processEvents()
    panel.drafting._draw()
    roll.select([0])
    roll.commands.erase()
    panel.keep()
    assert state.music.pieces.current.id != before
    edited = len(chorale(voices=3).notes) - 1
    assert len(roll.piece().notes) == edited, "what was changed of the draft is kept with it"
    assert state.music.pieces.open(before)
    assert len(roll.piece().notes) == len(PIECE.notes)


def composed(panel, studio, qapp, piece: Piece) -> None:
    """A model composes `piece`, all of it new."""
    panel._state.ask.set_task("sample")
    panel.write()
    job = panel._state.job
    panel._state.on_event(frame(job, piece, (0, 4 * BAR), range(len(piece.tracks))))
    panel._state.on_event(finished(studio, job, panel._state.request, piece))
    panel._state.on_event(done(job))
    panel._state._results.wait()
    qapp.processEvents()
    panel.drafting._draw()


def test_what_models_wrote_alone_stays_theirs_until_a_hand_touches_it(panel, roll, studio, qapp):
    alone = lambda: models_alone(panel._saved())  # noqa: E731
    composed(panel, studio, qapp, chorale(voices=2))
    panel.keep()
    assert alone()
    assert [made.bars for made in panel._saved().made] == [(1, len(roll.piece().bars()) - 1)]
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    panel._state.on_event(done(job))
    panel.keep()
    assert alone(), "the bars that were made anew are a model's too"
    roll.undo()
    assert alone()
    roll.select([0])
    roll.commands.erase()
    assert not alone(), "somebody chose what is left"
    fill_and_keep(panel, 64)
    assert not alone(), "a model beside a hand is still a hand"
    for _step in range(2):
        roll.undo()
    assert alone()


def test_a_draft_that_was_changed_before_it_was_kept_is_a_person_s_too(panel, roll, studio, qapp):
    composed(panel, studio, qapp, chorale(voices=2))
    roll.select([0])
    roll.commands.erase()
    panel.keep()
    assert not models_alone(panel._saved())


def test_bars_that_models_fill_in_a_person_s_piece_do_not_make_it_theirs(panel):
    fill_and_keep(panel, 67)
    assert not models_alone(panel._saved())


def fill_and_keep(panel, pitch: int) -> None:
    job = fill(panel)
    compose(panel, job, (BAR, 960, pitch, 0))
    panel._state.on_event(done(job))
    panel.keep()


def test_a_new_piece_that_is_dropped_gives_the_old_one_back(panel, roll):
    panel._state.ask.set_task("sample")
    panel.write()
    panel._state.on_event(frame(panel._state.job, chorale(voices=3), (0, BAR), (0, 1, 2)))
    panel._state.on_event(notes(panel._state.job, (0, 480, 70, 2)))
    panel.drafting._draw()
    panel._state.on_event(done(panel._state.job))
    panel.drafting.drop()
    assert len(roll.piece().notes) == len(PIECE.notes)
    assert len(roll.piece().tracks) == 2
    assert panel.content() is not None


# ---- single notes


def test_a_note_of_a_kept_draft_tells_its_alternatives_and_branches(panel, roll, studio):
    job = fill(panel)
    compose(panel, job, (BAR, 480, 67, 0), (BAR + 480, 480, 69, 0))
    panel._state.on_event(done(job))
    panel.keep()
    index = roll.piece().notes["pitch"].tolist().index(67)
    roll.note_clicked.emit(index)
    assert [pill.text() for pill in panel.page.strip.pills()] == ["G4 50 %", "A4 25 %"]
    panel.page.strip.pills()[1].click()
    assert roll.piece().notes["pitch"][index] == 69
    values = studio.queue.last.request.values
    assert (values["from_bar"], values["to_bar"], values["tracks"]) == (2, 3, "1")
    locked = composing.locked_of(values["locked"])
    assert (BAR, 69, 0) in locked
    assert all(start <= BAR for start, _pitch, _track in locked)


def test_an_unknown_note_says_how_to_ask(panel, roll):
    assert panel.page.strip.isHidden()
    roll.note_clicked.emit(0)
    assert "was not asked about this note" in panel.page.strip.words.text()


def test_how_likely_colours_all_notes(panel, roll, studio):
    panel.likely.click()
    assert roll.model.coloured
    assert studio.queue.last.request.task == "score"
    job = studio.queue.last.job
    told = [[*row, 0.25, []] for row in PIECE.notes.tolist()]
    panel._state.on_event(Result(job=job, path="", output="report", data={"notes": told}))
    assert set(roll.model.rows()["p"].tolist()) == {0.25}
    count = studio.queue.count
    panel.likely.click()
    panel.likely.click()
    assert studio.queue.count == count, "it is known already"


# ---- tracks


def test_tracks_are_added_renamed_played_otherwise_and_removed(panel, roll):
    panel.asking.add_track.click()
    assert len(roll.piece().tracks) == 3
    tracks = panel.asking.tracks
    assert tracks.current() == 2
    tracks.renamed.emit(2, "Bells")
    tracks.program_chosen.emit(2, 14)
    assert (tracks.tracks()[2].name, tracks.tracks()[2].instrument) == ("Bells", "Tubular bells")
    tracks.remove_wanted.emit(0)
    assert [line.name for line in tracks.tracks()] == ["Alto", "Bells"]
    assert set(roll.piece().notes["track"].tolist()) == {0}
    roll.undo()
    assert len(tracks.tracks()) == 3


def test_mute_and_solo_reach_the_ear_and_the_roll(panel, roll, state):
    panel.asking.tracks.switch(1, "muted").click()
    assert roll.model.quiet_tracks == frozenset({1})
    panel.asking.tracks.switch(0, "solo").click()
    assert panel.playing.transport._mix.solo == frozenset({0})
    assert state.music.pieces.track(1).muted


def test_the_chosen_track_is_the_one_drawn_in(panel, roll):
    panel.asking.tracks.head(1).click()
    assert roll.track() == 1
    assert panel.asking.tracks.current() == 1


# ---- playing


def test_the_playhead_and_the_loop_follow(panel, roll):
    roll.seek.emit(BAR)
    assert panel.playing.tick() == BAR
    roll.set_loop(BAR, 2 * BAR)
    assert panel.playing.transport.loop == pytest.approx((2.5, 5.0))
    panel.playing.transport.clear_loop()
    assert roll.loop() is None
    panel.playing.transport.set_loop(0.0, 2.5)
    assert roll.loop() == (0, BAR)


def test_a_struck_note_is_heard_with_its_instrument(panel, monkeypatch):
    struck = []
    monkeypatch.setattr(panel.playing.transport, "strike", lambda *how: struck.append(how))
    panel.page.roll.heard.emit(60, 90, 1)
    panel.page.roll.heard.emit(60, 90, 99)
    assert struck == [(60, 90, PIECE.tracks[1])]
    assert isinstance(panel.playing, MusicPlaying)


# ---- out of the roll, and into it from other panels


def test_the_selected_notes_go_out_as_a_file(panel, roll, state, heard, qtbot):
    said = heard(state.said)
    roll.select([0, 1])
    panel.out.click()
    qtbot.waitUntil(lambda: bool(said))
    assert said == [("Copied Song.mid", "", None)]
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert len(midi.read(Path(url.toLocalFile()).read_bytes()).notes) == 2
    QGuiApplication.clipboard().clear()


def test_nothing_goes_out_of_an_empty_roll(panel, roll, state, heard):
    state.music.pieces.new(None, "Nothing")
    said = heard(state.said)
    panel.out.click()
    assert said == [("There are no notes yet", "", None)]


def test_shown_it_makes_ready_and_asks_for_the_row_of_an_offered_sound(
    panel, state, monkeypatch, qtbot, tmp_path
):
    ready = []
    monkeypatch.setattr(panel.playing, "ready", lambda: ready.append(True))
    state.row_sounds.offer(tmp_path / "boom.wav")
    panel.activated()
    qtbot.waitUntil(lambda: panel.sounds.menu is not None)
    panel.sounds.menu.close()
    assert ready == [True]
    assert panel.tracks.current == len(PIECE.tracks), "a track of drums was added"


# ---- pieces


def test_edits_are_saved_and_the_place_comes_back(panel, roll, state, studio, shown):
    roll.select([0])
    roll.commands.erase()
    roll.seek.emit(BAR)
    panel.save_session()
    kept = studio.pieces.get(state.music.pieces.current.id)
    assert len(kept.notes) == len(PIECE.notes) - 1
    assert state.music.snapshot()["piece"]["views"][kept.id][0] == BAR


def test_the_list_of_pieces_opens_others(panel, roll, state):
    first = state.music.pieces.current.id
    state.music.pieces.new(chorale(seed=9), "Second")
    state.music.pieces.save()
    panel.open_pieces.click()
    assert panel.side.page() == DOCUMENTS
    names = [panel.pieces.list.line(row).name for row in range(panel.pieces.list.count())]
    assert set(names) >= {"Song", "Second"}
    panel.pieces.list.select([names.index("Song")])
    assert state.music.pieces.current.id == first
    panel.open_pieces.click()
    assert panel.side.page() == ""


def test_leaving_with_drafts_keeps_the_piece_as_it_was(panel, roll, state):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    state.music.pieces.new(chorale(seed=9), "Second")
    assert state.music.drafts == []
    assert len(roll.model.ghosts) == 0


def test_drafts_of_the_last_session_stand_there_again(state, studio, shown, qapp):
    state.music.pieces.new(PIECE, "Song")
    state.music.pieces.save()
    first = shown(MusicPanel(state))
    job = fill(first)
    whole = PIECE.replaced(notes=notes_of([*PIECE.notes.tolist(), (BAR, 480, 99, 80, 0)]))
    state.music.on_event(finished(studio, job, state.music.request, whole))
    state.music.on_event(done(job))
    saved = state.music.snapshot()
    again = StudioState(studio, FakeBridge())
    again.music.restore(saved)
    panel = shown(MusicPanel(again))
    again.music._results.wait()
    qapp.processEvents()
    panel.drafting._draw()
    assert panel.page.which.text() == "Draft 1 of 1"
    assert panel.page.roll.model.ghosts["pitch"].tolist() == [99]
    again.close()


# ---- export, reach


def test_export_offers_formats_and_says_who_made_what(panel, studio, tmp_path):
    job = fill(panel)
    compose(panel, job, (BAR, 960, 67, 0))
    panel._state.on_event(done(job))
    panel.keep()
    panel.export.click()
    sheet = panel.sheet
    assert sheet.isVisible()
    assert "1 part of it made by models" in sheet.about.text()
    sheet.shown.set_open(True)
    assert "compositeWithTrainedAlgorithmicMedia" in sheet.written.toPlainText()
    sheet.level.changed.emit("bare")
    assert sheet.written.toPlainText() == "Nothing besides the music and its title."
    sheet.format.changed.emit(".flac")
    panel._all.music_export.set_folder(tmp_path)
    sheet.go.click()
    body = studio.queue.last.body
    assert (body["ext"], body["level"], body["target"]) == (".flac", "bare", str(tmp_path))
    assert body["colours"]["voice_1"]
    path = tmp_path / "Song.flac"
    panel._all.music_export.written.emit(path)
    assert mime_of(sheet.last.path).urls()[0].toLocalFile() == str(path)
    assert panel.cancel(), "Esc leaves the sheet"
    assert sheet.isHidden()


def test_everything_has_a_name_and_is_reached_by_keys(panel):
    job = fill(panel, count=2)
    for index in (0, 1):
        compose(panel, job, (BAR, 960, 67 + index, 0), index=index)
    panel._state.on_event(done(job))
    assert a11y.nameless(panel) == []
    assert a11y.unreachable(panel) == []
