"""Notes to sound: the same however it is cut, levels, mixing, drums."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import synth
from genstudio.media.notes import NOTE, Piece, RowSound, Track
from genstudio.media.synth import Mix, Renderer, level, levelled, limited, render, rendering, seats
from tests.helpers import fonts
from tests.helpers.fonts import span

RATE = 22050


def piece(*rows: tuple[int, ...], tracks: tuple[Track, ...] = (Track(),), **more) -> Piece:
    """(start, duration, pitch, velocity, track); 480 ticks are half a second."""
    return Piece(np.array(list(rows), NOTE), tracks, **more)


@pytest.fixture(scope="module")
def font():
    return fonts.font(presets=((0, 0), (128, 0)))


def sound(music: Piece, font, **more) -> np.ndarray:
    return render(music, RATE, font, **more)


def test_silence_of_no_notes(font):
    assert sound(piece(), font).shape == (0, 2)
    assert level(np.zeros((0, 2))) == synth.Level(0.0, 0.0, 1.0)


def test_a_note_sounds_from_its_start_to_its_end(font):
    found = sound(piece((480, 480, 69, 100, 0)), font)
    assert not found[: RATE // 2].any()
    assert np.abs(found[RATE // 2 : RATE]).max() > 0.1
    assert np.abs(found[round(1.011 * RATE) :]).max() < 0.01
    assert len(found) / RATE == pytest.approx(1.012, abs=0.02)


def test_tempo_is_followed(font):
    slow = piece((480, 480, 69, 100, 0), tempos=((0, 60.0),))
    assert Renderer(slow, RATE, font).seconds == 2.0
    found = sound(slow, font)
    assert not found[: RATE - 1].any()
    assert found[RATE : RATE + 2000].any()


def test_force_is_heard(font):
    peaks = [level(sound(piece((0, 480, 69, v, 0)), font)).peak for v in (32, 64, 127)]
    assert peaks[1] / peaks[0] == pytest.approx(4.0, rel=0.02)
    assert peaks[2] / peaks[1] == pytest.approx((127 / 64) ** 2, rel=0.02)


@pytest.mark.parametrize("size", [64, 999, 4096])
def test_blocks_of_any_size_are_the_same_sound(font, size):
    rows = [(i * 240, 300 + 50 * i, 60 + i, 60 + i, i % 2) for i in range(8)]
    player = Renderer(piece(*rows, tracks=(Track(), Track("", 40))), RATE, font)
    whole = player.block(0, player.frames)
    parts = [player.block(at, min(size, player.frames - at)) for at in
             range(0, player.frames, size)]  # fmt: skip
    assert np.allclose(np.concatenate(parts), whole, atol=1e-5)


def test_a_start_in_the_middle_of_a_note_continues_it(font):
    music = piece((0, 1920, 69, 100, 0))
    whole = sound(music, font)
    assert np.allclose(sound(music, font, start=0.7, seconds=0.5),
                       whole[round(0.7 * RATE) :][: RATE // 2], atol=1e-5)  # fmt: skip


def test_blocks_of_a_second_come_one_by_one(font):
    blocks = list(rendering(piece((0, 2400, 69, 100, 0)), RATE, font))
    assert [len(block) for block in blocks[:2]] == [RATE, RATE]
    assert sum(map(len, blocks)) == len(sound(piece((0, 2400, 69, 100, 0)), font))


def test_notes_add_up(font):
    one, two = piece((0, 480, 60, 80, 0)), piece((0, 480, 67, 80, 0))
    both = sound(piece((0, 480, 60, 80, 0), (0, 480, 67, 80, 0)), font)
    assert np.allclose(both, sound(one, font) + sound(two, font), atol=1e-5)


def test_mute_solo_and_volume():
    mix = Mix(muted=frozenset({1}), volumes={0: 0.5}, volume=0.5)
    assert [mix.gain(track) for track in range(3)] == [0.25, 0.0, 0.5]
    assert [Mix(solo=frozenset({2})).gain(track) for track in range(3)] == [0.0, 0.0, 1.0]
    assert Mix(volumes={0: -3.0}).gain(0) == 0.0


def test_a_muted_track_is_not_heard(font):
    rows = (0, 480, 60, 80, 0), (0, 480, 67, 80, 1)
    tracks = (Track(), Track())
    alone = sound(piece(*rows, tracks=tracks), font, mix=Mix(muted=frozenset({1})))
    assert np.array_equal(
        alone, sound(piece(*rows, tracks=tracks), font, mix=Mix(solo=frozenset({0})))
    )
    assert np.abs(alone - sound(piece(*rows, tracks=tracks), font)).max() > 0.01


def test_a_piece_is_as_long_with_all_of_it_muted(font):
    mute = Mix(muted=frozenset({0}))
    found = sound(piece((480, 480, 60, 80, 0)), font, mix=mute)
    assert len(found) == RATE
    assert not found.any()


def test_tracks_sit_on_a_stage(font):
    quartet = piece(tracks=(Track("", 40), Track("", 40), Track("", 41), Track("", 42)))
    assert seats(quartet) == pytest.approx([-0.35, 0.0, 0.35, 0.0])
    assert seats(piece(tracks=(Track(), Track("", 0, True)))) == [0.0, 0.0]
    left = sound(piece((0, 480, 69, 90, 0), tracks=(Track(), Track())), font)
    assert np.abs(left[:, 0]).max() > 1.5 * np.abs(left[:, 1]).max()


def test_a_track_alone_is_as_loud_on_both_sides(font):
    found = sound(piece((0, 480, 69, 90, 0)), font)
    assert np.allclose(found[:, 0], found[:, 1], atol=1e-6)


def test_a_drum_rings_until_its_recording_ends():
    struck = fonts.font([{54: 0}], presets=((128, 0),))
    drums = (Track("", 0, True),)
    found = render(piece((0, 10, 69, 100, 0), tracks=drums), RATE, struck)
    assert np.abs(found[int(0.45 * RATE) :]).max() > 0.05


def test_a_closed_hi_hat_ends_an_open_one():
    hats = fonts.font([{54: 0, 57: 1}], presets=((128, 0),))
    drums = (Track("", 0, True),)
    rows = (0, 10, 69, 127, 0), (96, 10, 69, 1, 0)
    found = render(piece(*rows, tracks=drums), RATE, hats)
    alone = render(piece(rows[0], tracks=drums), RATE, hats)
    after = int(0.15 * RATE)
    assert np.abs(found[after:]).max() < 0.01 < np.abs(alone[after:]).max()
    together = render(piece((0, 10, 69, 127, 0), (0, 10, 81, 1, 0), tracks=drums), RATE, hats)
    assert np.abs(together[after:]).max() > 0.1, "struck at once they do not silence each other"


def test_drums_without_a_kit_are_silent():
    font = fonts.font(presets=((0, 0),))
    assert not render(piece((0, 480, 40, 90, 0), tracks=(Track("", 0, True),)), RATE, font).any()


def test_layers_sound_together():
    font = fonts.font([{54: 1, 17: -500}, {54: 1, 17: 500, 51: 12, 44: span(0, 127)}])
    found = render(piece((0, 480, 69, 90, 0)), RATE, font)
    rising = [np.argmax(np.abs(np.fft.rfft(found[:10000, side]))) * RATE / 10000
              for side in (0, 1)]  # fmt: skip
    assert rising == pytest.approx([441, 882], rel=0.01)


def test_an_export_is_never_above_the_ceiling(font):
    rows = [(0, 480, 69, 127, 0)] * 9
    assert level(sound(piece(*rows), font)).peak == pytest.approx(synth.CEILING, abs=1e-3)
    quiet = np.full((4, 2), 0.3, np.float32)
    assert levelled(quiet) is quiet


def test_the_ear_is_spared():
    wild = np.linspace(-5, 5, 1001, dtype=np.float32)[:, None].repeat(2, 1)
    found = limited(wild)
    assert np.abs(found).max() <= 1.0
    assert np.all(np.diff(found[:, 0]) >= 0)
    calm = wild[np.abs(wild[:, 0]) <= synth.KNEE]
    assert limited(calm) is calm


def test_level_counts_silence():
    samples = np.zeros((100, 2), np.float32)
    samples[:25, 1] = 0.5
    assert level(samples) == synth.Level(0.5, pytest.approx(0.5 * np.sqrt(1 / 8)), 0.75)


def test_the_shipped_font_plays_a_band_at_a_sane_level():
    tracks = (Track("", 40), Track("", 0), Track("", 33), Track("", 0, True))
    chord = [(0, 960, 55, 90, 1), (0, 960, 60, 90, 1), (0, 960, 64, 90, 1)]
    rows = [*chord, (0, 480, 72, 90, 0), (480, 480, 74, 90, 0), (0, 960, 36, 90, 2)]
    rows += [(i * 240, 60, 42 if i % 2 else 36, 100, 3) for i in range(4)]
    found = level(render(piece(*rows, tracks=tracks)))
    assert 0.2 < found.peak <= synth.CEILING
    assert 0.02 < found.rms < 0.3
    assert found.silent < 0.4


# ---- recordings in place of drums

OWN = np.linspace(0.8, 0.1, 2000).astype(np.float32)
KIT = Track("Kit", 0, True, (RowSound(36, "boom", "abc"),))


def own(file: str, rate: int) -> np.ndarray | None:
    """The only recording there is."""
    return OWN if (file, rate) == ("abc", RATE) else None


def test_a_recording_sounds_in_place_of_the_drum_to_its_end(font):
    music = piece((0, 10, 36, 127, 0), tracks=(KIT,))
    found = render(music, RATE, font, waves=own)
    assert len(found) == len(OWN), "however short its note is"
    assert np.allclose(found[:, 0], synth.GAIN * OWN, atol=1e-6)
    assert np.array_equal(found[:, 0], found[:, 1]), "drums sit in the middle"


def test_a_recording_follows_the_force_and_the_mix(font):
    def loud(velocity: int, **mix) -> float:
        music = piece((0, 10, 36, velocity, 0), tracks=(KIT,))
        return level(render(music, RATE, font, Mix(**mix), waves=own)).peak

    assert loud(127) / loud(64) == pytest.approx((127 / 64) ** 2, rel=0.01)
    assert loud(127) / loud(127, volumes={0: 0.5}) == pytest.approx(2.0, rel=0.01)
    assert loud(127, muted=frozenset({0})) == 0.0


@pytest.mark.parametrize("size", [64, 999])
def test_recordings_are_the_same_however_they_are_cut(font, size):
    music = piece((0, 10, 36, 90, 0), (30, 10, 36, 127, 0), tracks=(KIT,))
    renderer = Renderer(music, RATE, font, None, own)
    whole = renderer.block(0, renderer.frames)
    parts = [renderer.block(at, size) for at in range(0, renderer.frames, size)]
    assert np.allclose(np.concatenate(parts)[: len(whole)], whole, atol=1e-6)


@pytest.mark.parametrize(
    ("track", "waves"),
    [
        (KIT, None),
        (KIT, lambda _file, _rate: None),
        (Track("Kit", 0, True, (RowSound(40, "other row", "abc"),)), own),
        (Track("Lead", 0, False, (RowSound(36, "no drums", "abc"),)), own),
    ],
)
def test_the_kit_plays_where_there_is_no_recording_to_be_heard(font, track, waves):
    music = piece((0, 480, 36, 100, 0), tracks=(track,))
    plain = piece((0, 480, 36, 100, 0), tracks=(Track("", 0, track.drums),))
    assert np.array_equal(render(music, RATE, font, waves=waves), render(plain, RATE, font))
