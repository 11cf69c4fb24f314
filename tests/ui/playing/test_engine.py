"""What is handed out, in which order, and what is said of it; no thread, no device, no waiting."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.ui.playing import engine as module
from genstudio.ui.playing.engine import Engine
from genstudio.ui.playing.outputs import BUFFER_SECONDS, ClockOutput, NoSound
from tests.helpers.playing import RATE, Clock, Desk, Ramp


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of 20 ms at the small rate of these tests, and no fades."""
    monkeypatch.setattr(module, "BLOCK", 20)
    monkeypatch.setattr(module, "LIVE_BLOCK", 20)
    monkeypatch.setattr(module, "faded", lambda samples, comes, goes: samples)


def places(desk: Desk, skip: int = 0) -> np.ndarray:
    """The frame of the material of every frame written."""
    return np.rint(desk.heard()[skip:, 0] * desk.ramp.frames * 2).astype(int)


def test_it_plays_from_the_place_on_without_a_gap():
    desk = Desk()
    desk.engine.play(2.0)
    desk.run(3.0)
    assert np.array_equal(places(desk), np.arange(2000, 2000 + len(places(desk))))
    assert desk.engine.place == pytest.approx(5.0, abs=0.05)
    assert desk.engine.underruns == 0


def test_nothing_happens_until_it_plays():
    desk = Desk()
    desk.run(1.0)
    assert not len(desk.heard())
    assert not desk.engine.running
    assert desk.engine.place == 0.0


def test_it_waits_until_enough_is_made():
    desk = Desk()
    desk.engine.play(0.0)
    desk.engine.feed()
    desk.engine.prepare()  # the material
    for _ in range(round(module.START_SECONDS * RATE / 20) - 1):
        desk.engine.prepare()
        desk.engine.feed()
        assert not len(desk.heard())
    desk.engine.prepare()
    desk.engine.feed()
    assert len(desk.heard())


def test_it_makes_no_more_than_it_should():
    desk = Desk(seconds=100)
    desk.engine.play(0.0)
    desk.work()
    limit = (module.AHEAD_SECONDS + 2 * BUFFER_SECONDS) * RATE
    assert len(desk.ramp.made) * 20 <= limit


def test_pause_stays_and_play_goes_on():
    desk = Desk()
    desk.engine.play(1.0)
    desk.run(1.0)
    desk.engine.pause()
    place = desk.engine.place
    assert place == pytest.approx(2.0, abs=0.05)
    desk.run(1.0)
    assert desk.engine.place == place
    assert not desk.engine.busy
    before = len(desk.heard())
    desk.engine.play()
    desk.run(0.2)
    assert places(desk, before)[0] == pytest.approx(place * RATE, abs=1)


def test_seek_while_playing_drops_what_waits():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(1.0)
    before = len(desk.heard())
    desk.engine.seek(7.0)
    assert desk.engine.place == 7.0
    desk.run(0.5)
    assert places(desk, before)[0] == 7000
    assert desk.engine.place == pytest.approx(7.5, abs=0.05)
    assert desk.engine.underruns == 0


def test_seek_while_silent_is_where_it_will_begin():
    desk = Desk()
    desk.engine.seek(4.0)
    assert desk.engine.place == 4.0
    desk.engine.play()
    desk.run(0.5)
    assert places(desk)[0] == 4000


def test_it_ends_by_itself_and_goes_back():
    desk = Desk(seconds=1.0)
    desk.engine.play(0.5)
    desk.run(2.0)
    assert not desk.engine.running
    assert desk.engine.place == 0.0
    assert places(desk).tolist() == list(range(500, 1000))
    assert desk.engine.underruns == 0
    assert not desk.engine.busy


def test_a_loop_goes_round():
    desk = Desk()
    desk.engine.set_loop((1.0, 1.5))
    desk.engine.play(1.25)
    desk.run(1.5)
    expected = np.concatenate([np.arange(1250, 1500), *[np.arange(1000, 1500)] * 4])
    found = places(desk)
    assert np.array_equal(found, expected[: len(found)])
    assert 1.0 <= desk.engine.place < 1.5


def test_behind_a_loop_it_plays_on_to_the_end():
    desk = Desk()
    desk.engine.set_loop((1.0, 1.5))
    desk.engine.play(2.0)
    desk.run(1.0)
    assert np.array_equal(places(desk), np.arange(2000, 2000 + len(places(desk))))


def test_a_loop_of_nothing_is_none():
    desk = Desk()
    desk.engine.set_loop((1.0, 1.01))
    desk.engine.play(0.9)
    desk.run(1.0)
    assert desk.engine.place == pytest.approx(1.9, abs=0.05)


def test_a_loop_set_while_playing_is_taken_soon():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.5)
    desk.engine.set_loop((0.0, 2.0))
    desk.run(3.0)
    assert desk.engine.place < 2.0
    assert desk.engine.underruns == 0


def test_the_metronome_can_be_heard_and_hidden():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.5)
    assert not desk.heard()[:, 1].any()
    desk.engine.set_metronome(True)
    desk.run(2.0)
    assert (desk.heard()[-20:, 1] == 0.25).all()
    assert np.array_equal(places(desk), np.arange(len(places(desk)))), "no frame lost or twice"


def test_a_count_in_comes_first_and_does_not_move_the_place():
    desk = Desk()
    desk.engine.load(lambda rate: desk.ramp)
    desk.engine.set_count_in(2)
    desk.engine.play(3.0)
    desk.run(1.0)
    assert desk.engine.counting
    assert desk.engine.place == 3.0
    desk.run(2.0)
    assert not desk.engine.counting
    found = desk.heard()
    assert (found[:2000] == 0.125).all()
    assert places(desk, 2000)[0] == 3000


def test_a_count_in_that_is_interrupted_by_an_edit_goes_on():
    desk = Desk()
    desk.engine.set_count_in(1)
    desk.engine.play(0.0)
    desk.run(0.2)
    desk.engine.load(lambda rate: desk.ramp)
    desk.run(1.5)
    found = desk.heard()
    assert (found[:1000] == 0.125).all()
    assert places(desk, 1000)[0] == 0


def test_there_is_no_count_in_within_the_music():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.2)
    desk.engine.set_count_in(1)
    desk.engine.seek(5.0)
    desk.run(0.5)
    assert desk.engine.place == pytest.approx(5.5, abs=0.05)


def test_another_material_takes_over_at_the_same_place():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(1.0)
    other = Ramp(RATE, 20.0)
    desk.engine.load(lambda rate: other)
    desk.run(3.0)
    assert desk.engine.underruns == 0
    values = desk.heard()[:, 0]
    change = int(np.flatnonzero(np.diff(values) < 0)[0]) + 1
    assert np.rint(values[change] * 40000) == change, "it goes on where the other one was"
    assert change < 1.0 * RATE + (BUFFER_SECONDS + module.START_SECONDS) * RATE + 40


def test_nothing_loaded_is_silence():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.3)
    desk.engine.load(None)
    assert not desk.engine.running


def test_endless_goes_on_behind_the_end():
    desk = Desk(seconds=1.0)
    desk.engine.set_endless(True)
    desk.engine.play(0.5)
    desk.run(2.0)
    assert desk.engine.running
    assert desk.engine.place == pytest.approx(2.5, abs=0.05)
    desk.engine.set_endless(False)
    desk.run(1.0)
    assert not desk.engine.running


def test_volume_is_the_outputs_business_and_the_meters():
    desk = Desk()
    desk.engine.play(5.0)
    desk.run(0.5)
    loud = desk.engine.levels[0]
    desk.engine.set_volume(0.5)
    desk.run(0.02)
    assert desk.output.volume == 0.5
    assert desk.engine.levels[0] == pytest.approx(loud / 2, rel=0.1)
    desk.engine.set_volume(7.0)
    desk.run(0.02)
    assert desk.output.volume == 1.0


def test_a_struck_note_sounds_alone():
    desk = Desk(load=False)
    desk.engine.strike(lambda rate: Ramp(rate, 0.5))
    desk.run(1.5)
    found = desk.heard()[:, 0]
    assert np.allclose(found[:500], np.arange(500) / 1000, atol=1e-6)
    assert not desk.engine.busy
    assert not desk.engine.running


def test_a_struck_note_sounds_beside_what_plays():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.5)
    desk.engine.strike(lambda rate: Ramp(rate, 0.1))
    desk.run(1.0)
    found = desk.heard()[:, 0]
    beside = np.flatnonzero(np.abs(found - np.arange(len(found)) / 20000) > 1e-6)
    assert len(beside) == 99  # its first frame is 0
    assert desk.engine.underruns == 0


def test_who_plays_along_is_heard_at_once():
    desk = Desk()
    desk.engine.set_endless(True)
    desk.engine.play(0.0)
    desk.run(0.5)
    waiting = len(desk.heard()) - desk.engine.place * RATE
    assert waiting <= module.LIVE_SECONDS * RATE + 20
    assert desk.engine.underruns == 0


def test_only_the_last_strikes_of_many_sound():
    desk = Desk(load=False)
    made = []
    for number in range(50):
        desk.engine.strike(lambda rate, n=number: made.append(n) or Ramp(rate, 0.05))
    desk.run(0.5)
    assert made == list(range(42, 50))


def test_an_output_that_runs_dry_is_counted_and_filled_again():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(0.5)
    desk.clock.now += 2.0
    desk.run(0.5)
    assert desk.engine.underruns == 1
    assert np.array_equal(places(desk), np.arange(len(places(desk)))), "late, but nothing is lost"


class NoDevice(ClockOutput):
    """Cannot be opened until `there`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, RATE)
        self.there = False

    def open(self) -> int:
        if not self.there:
            raise NoSound("No sound device was found", next_step="Plug one in.")
        return super().open()


def by_hand(engine: Engine, clock: Clock, seconds: float) -> None:
    for _ in range(round(seconds / 0.02)):
        engine.feed()
        while engine.prepare():
            pass
        clock.now += 0.02
    engine.feed()


def test_without_a_device_it_says_so_once_and_plays_silently():
    clock = Clock()
    engine = Engine(NoDevice(clock), ClockOutput(clock, RATE))
    engine.load(lambda rate: Ramp(rate, 1.0))
    for _ in range(2):
        engine.play(0.0)
        by_hand(engine, clock, 0.5)
        assert engine.running
        assert engine.place == pytest.approx(0.5, abs=0.1)
        by_hand(engine, clock, 2.0)
    failure = engine.take_failure()
    assert "No sound device was found" in failure.problem.sentence
    assert engine.take_failure() is None


def test_a_device_that_comes_later_is_found():
    clock = Clock()
    device = NoDevice(clock)
    device.taken = []
    engine = Engine(device, ClockOutput(clock, RATE))
    engine.load(lambda rate: Ramp(rate, 0.2))
    engine.play(0.0)
    by_hand(engine, clock, 1.5)
    device.there = True
    engine.play(0.0)
    by_hand(engine, clock, 1.5)
    assert len(np.concatenate(device.taken)) == 200


def test_without_a_spare_it_stays_silent():
    clock = Clock()
    engine = Engine(NoDevice(clock))
    engine.load(lambda rate: Ramp(rate))
    engine.play(0.0)
    by_hand(engine, clock, 0.2)
    assert not engine.running
    assert engine.take_failure() is not None


def test_a_device_that_goes_away_stops_it_where_it_was():
    desk = Desk()
    desk.engine.play(0.0)
    desk.run(1.0)

    def gone() -> int:
        raise NoSound("The sound device went away")

    real, desk.output.free = desk.output.free, gone
    desk.run(0.1)
    assert not desk.engine.running
    assert desk.engine.place == pytest.approx(1.0, abs=0.1)
    assert "went away" in desk.engine.take_failure().problem.sentence
    desk.output.free = real
    desk.engine.play()
    desk.run(0.5)
    assert desk.engine.place == pytest.approx(1.5, abs=0.15)


def test_a_material_that_cannot_be_made_is_told():
    desk = Desk(load=False)

    def broken(rate: int) -> Ramp:
        raise BadInput("x.sf2 is damaged")

    desk.engine.load(broken)
    desk.engine.play(0.0)
    desk.run(0.2)
    assert not desk.engine.running
    assert "x.sf2 is damaged" in desk.engine.take_failure().problem.sentence
    desk.engine.strike(broken)
    desk.run(0.2)
    assert desk.engine.take_failure() is not None
    assert not desk.engine.busy


def test_close_lets_the_device_go():
    desk = Desk()
    closed = []
    desk.output.close = lambda: closed.append(True)
    desk.engine.play(0.0)
    desk.run(0.5)
    desk.engine.close()
    assert closed == [True]
    assert not desk.engine.busy


def test_warming_makes_the_material_without_a_device():
    desk = Desk()
    opened = []
    desk.output.open = lambda: opened.append(True) or RATE
    desk.engine.rate = RATE
    assert not desk.engine.busy
    desk.engine.warm()
    assert desk.engine.busy
    desk.work()
    assert not desk.engine.busy
    assert desk.ramp.made == [0]
    assert opened == []
    desk.engine.warm()
    assert not desk.engine.busy, "once is enough"


def test_a_device_with_another_rate_has_everything_made_again():
    desk = Desk(load=False)
    rates = []
    desk.engine.load(lambda rate: rates.append(rate) or Ramp(rate))
    desk.engine.warm()
    desk.work()
    desk.engine.play(1.0)
    desk.run(0.5)
    assert rates == [44100, RATE]
    assert desk.engine.place == pytest.approx(1.5, abs=0.05)
