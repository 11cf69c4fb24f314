"""Recordings at other pitches, looped, filtered, shaped."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import sampler as module
from genstudio.media.sampler import Envelope, Sampler, loudness, sampler
from genstudio.media.soundfont import Region, default_font
from tests.helpers import fonts
from tests.helpers.fonts import span

RATE = 44100


def region(**generators: int) -> Region:
    """The one zone of a font of 441 Hz at key 69, looped, with `g<number>=amount`."""
    zone = {54: 1} | {int(name[1:]): amount for name, amount in generators.items()}
    return fonts.font([zone]).regions(0)[0]


def wave_of(voice: Sampler, zone: Region, pitch: int, frames: int) -> np.ndarray:
    return voice.wave(zone, voice.key(zone, pitch), frames)


def envelope(zone: Region, pitch: int, held: float, first: int, last: int, rate: int) -> np.ndarray:
    """Frames `first` to `last` of the envelope, as an array."""
    return np.broadcast_to(Envelope(zone, pitch, held, rate).part(first, last), last - first)


def heard_hertz(wave: np.ndarray, rate: int = RATE) -> float:
    """The loudest frequency, between the lines of the spectrum."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 1 << 18))
    return float(np.argmax(spectrum) * rate / (1 << 18))


def players(**generators: int) -> tuple[Sampler, Region]:
    zone = {54: 1} | {int(name[1:]): amount for name, amount in generators.items()}
    font = fonts.font([zone])
    return Sampler(font, RATE), font.regions(0)[0]


@pytest.mark.parametrize(("pitch", "hertz"), [(69, 441.0), (81, 882.0), (57, 220.5), (70, 467.2)])
def test_a_key_sounds_at_its_pitch(pitch, hertz):
    voice, zone = players()
    assert heard_hertz(wave_of(voice, zone, pitch, RATE)) == pytest.approx(hertz, rel=2e-3)


def test_tuning_and_scale_are_heard():
    voice, zone = players(g51=1, g52=0)
    assert heard_hertz(wave_of(voice, zone, 69, RATE)) == pytest.approx(
        441 * 2 ** (1 / 12), rel=2e-3
    )
    voice, zone = players(g56=0)
    assert heard_hertz(wave_of(voice, zone, 90, RATE)) == pytest.approx(441, rel=2e-3)
    voice, zone = players(g46=81)
    assert heard_hertz(wave_of(voice, zone, 30, RATE)) == pytest.approx(882, rel=2e-3)


def test_a_loop_goes_on_without_a_seam():
    voice, zone = players()
    wave = wave_of(voice, zone, 69, 3 * RATE)
    assert len(wave) == 3 * RATE
    ideal = 0.5 * np.sin(2 * np.pi * 441 * np.arange(len(wave)) / RATE)
    assert np.abs(wave - ideal).max() < 0.01


def test_without_a_loop_it_ends_with_its_recording():
    voice, zone = players(g54=0)
    assert len(wave_of(voice, zone, 69, 3 * RATE)) == pytest.approx(0.5 * RATE, abs=2)
    assert voice.frames(zone, voice.key(zone, 69)) == pytest.approx(0.5 * RATE, abs=2)
    assert voice.frames(zone, voice.key(zone, 81)) == pytest.approx(0.25 * RATE, abs=2)
    voice, zone = players()
    assert voice.frames(zone, voice.key(zone, 69)) is None


def test_a_short_note_is_the_beginning_of_a_long_one():
    voice, zone = players()
    long = wave_of(voice, zone, 72, 2 * RATE).copy()
    assert np.array_equal(wave_of(voice, zone, 72, 500), long[:500])
    fresh, same = players()
    assert np.array_equal(wave_of(fresh, same, 72, 500), long[:500])
    assert np.array_equal(wave_of(fresh, same, 72, 2 * RATE), long)


def test_a_wave_is_made_once_for_all_layers_of_velocity(monkeypatch):
    font = fonts.font([{54: 1, 44: span(0, 63)}, {54: 1, 44: span(64, 127)}])
    voice = Sampler(font, RATE)
    (soft,), (hard,) = voice.regions(0, False, 60, 10), voice.regions(0, False, 60, 100)
    assert soft is not hard
    first = wave_of(voice, soft, 60, 1000)
    monkeypatch.setattr(voice, "_make", None)
    assert np.array_equal(wave_of(voice, hard, 60, 1000), first)


def test_keys_and_force_choose_the_recording():
    font = fonts.font([{43: span(0, 59)}, {43: span(60, 127), 44: span(1, 100)}])
    voice = Sampler(font, RATE)
    assert len(voice.regions(0, False, 40, 127)) == 1
    assert voice.regions(0, False, 60, 127) == ()
    assert voice.regions(0, False, 60, 100)[0].keys == (60, 127)


def test_a_filter_takes_what_is_high():
    open_, zone = players()
    closed, softer = players(g8=6900)  # 440 Hz: 6 dB less at the cut-off without resonance
    loud = wave_of(open_, zone, 69, RATE)[2000:]
    soft = wave_of(closed, softer, 69, RATE)[2000:]
    assert np.abs(soft).max() / np.abs(loud).max() == pytest.approx(0.707, abs=0.05)
    high = wave_of(closed, softer, 93, RATE)[2000:]
    assert np.abs(np.diff(soft, 2)).max() < 0.01, "the loop has no seam behind the filter"
    assert np.abs(high).max() > 0


def test_envelope_has_the_corners_of_its_generators():
    zone = region(g33=-1200 * 2, g34=-1200, g35=-1200, g36=0, g37=200, g38=-1200)
    # Delay 0.25, attack 0.5, hold 0.5, down 20 dB in 0.2 s, and out at 200 dB a second.
    shape = envelope(zone, 60, 3.0, 0, 5 * 1000, 1000)
    assert np.all(shape[:250] == 0)
    assert shape[500] == pytest.approx(0.5, abs=0.01)
    assert shape[1000] == pytest.approx(1.0, abs=0.01)
    assert shape[1249] == pytest.approx(1.0, abs=0.01)
    assert shape[1350] == pytest.approx(10 ** (-10 / 20), abs=0.01)
    assert shape[1500] == pytest.approx(0.1, abs=0.002)
    assert shape[2999] == pytest.approx(0.1, abs=0.002)
    assert shape[3100] == pytest.approx(0.01, abs=0.001)
    assert shape[3450] < 1e-4


def test_a_note_let_go_early_falls_from_where_it_was():
    zone = region(g35=-12000, g36=0, g37=1000, g38=-1200)
    # Down at 100 dB a second, let go at 0.2 s and -20 dB, then at 200 dB a second.
    shape = envelope(zone, 60, 0.2, 0, 1000, 1000)
    assert shape[199] == pytest.approx(10 ** (-20 / 20), rel=0.05)
    assert shape[300] == pytest.approx(10 ** (-40 / 20), rel=0.05)


def test_an_envelope_is_the_same_from_any_frame():
    zone = region(g34=-3000, g35=-3000, g36=-600, g37=300, g38=-600)
    whole = envelope(zone, 60, 0.7, 0, 60000, RATE)
    parts = [envelope(zone, 60, 0.7, at, at + 1000, RATE) for at in range(0, 60000, 1000)]
    assert np.allclose(np.concatenate(parts), whole, atol=2e-6)


def test_high_keys_decay_faster_where_the_font_says_so():
    zone = region(g36=0, g37=1000, g40=100)
    low, high = (envelope(zone, key, 2.0, 0, 1000, 1000)[500] for key in (60, 72))
    assert high == pytest.approx(low**2, rel=0.05)


def test_frames_reach_to_silence():
    shape = Envelope(region(g37=0, g38=0), 69, 1.0, RATE)
    assert shape.frames == pytest.approx((1.0 + module.SILENT / 100) * RATE, abs=2)
    assert shape.part(shape.frames - 10, shape.frames).max() < 1e-4


def test_a_decay_to_silence_ends_the_note_before_its_key_does():
    shape = Envelope(region(g36=0, g37=1000), 69, 30.0, RATE)
    assert shape.frames == pytest.approx(module.SILENT / 100 * RATE, rel=0.01)


def test_a_level_part_costs_no_array():
    shape = Envelope(region(g37=200), 69, 3.0, RATE)
    assert shape.part(RATE, 2 * RATE).shape == ()
    assert shape.part(RATE, 2 * RATE) == pytest.approx(0.1)
    assert shape.part(0, RATE).shape == (RATE,)


def test_nothing_is_held_longer_than_the_longest():
    assert Envelope(region(), 69, 1e6, RATE).frames < (module.LONGEST + 1) * RATE


def test_loudness_goes_with_the_square_of_the_force():
    zone = region()
    assert loudness(zone, 127) == 1.0
    assert loudness(zone, 64) == pytest.approx((64 / 127) ** 2)
    assert loudness(region(g48=500), 127) == pytest.approx(0.1)


def test_a_recording_without_frames_is_silence():
    font = fonts.font([{54: 1, 0: 20000}])
    voice = Sampler(font, RATE)
    assert not wave_of(voice, font.regions(0)[0], 60, 100).any()


def test_wild_loops_do_not_break_it():
    for loop in [(0, 8), (11000, 11024), (5, 500000), (300, 200), (0, 11025)]:
        font = fonts.font([{54: 1}], loop=loop)
        wave = wave_of(Sampler(font, RATE), font.regions(0)[0], 64, RATE)
        assert np.isfinite(wave).all()
        assert len(wave)


def test_player_and_export_share_their_waves():
    assert sampler(default_font(), RATE) is sampler(default_font(), RATE)
