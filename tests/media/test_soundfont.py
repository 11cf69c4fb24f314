"""Which recording sounds for which note; damage is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import soundfont
from genstudio.media.soundfont import SoundFont, default_font, open_font
from tests.helpers import fonts
from tests.helpers.fonts import span


def test_shipped_font_has_the_promised_instruments():
    places = {(bank, program) for bank, program, _ in default_font().presets()}
    melodic = (0, 4, 6, 11, 13, 16, 24, 32, 33, 40, 42, 46, 48, 52, 56, 65, 68, 71, 73, 80, 81, 89)
    assert places == {(0, program) for program in melodic} | {(128, 0)}


def test_shipped_font_comes_with_its_licence():
    folder = soundfont.resources() / "soundfont"
    assert "Permission is hereby granted" in (folder / "COPYRIGHT-FluidR3Mono.txt").read_text()


def test_every_instrument_sounds_on_every_key_of_the_middle():
    for program in range(128):
        regions = default_font().regions(program)
        keys = {key for region in regions for key in range(region.keys[0], region.keys[1] + 1)}
        assert keys >= set(range(48, 73)), program


def test_every_drum_of_general_midi_sounds():
    regions = default_font().regions(0, drums=True)
    keys = {key for region in regions for key in range(region.keys[0], region.keys[1] + 1)}
    assert keys >= set(range(35, 82))


@pytest.mark.parametrize(
    ("program", "player"), [(0, 0), (1, 0), (41, 40), (43, 42), (57, 56), (105, 24), (35, 33)]
)
def test_a_missing_instrument_is_played_by_its_likest(program, player):
    assert default_font().nearest(program) == (0, player)


def test_a_font_without_drums_is_silent_for_drums_and_plays_the_rest():
    font = fonts.font(presets=((0, 40),))
    assert font.regions(0, drums=True) == ()
    assert font.nearest(0) == (0, 40)


def test_a_font_with_drums_alone_plays_them_for_everything():
    font = fonts.font(presets=((128, 0),))
    assert font.nearest(5) == (128, 0)
    assert font.nearest(0, drums=True) == (128, 0)


def test_generators_become_plain_units():
    zone = {43: span(60, 72), 44: span(1, 64), 34: -1200, 35: 0, 36: 1200, 37: 250, 38: -2400,
            8: 6900, 17: -250, 48: 100, 51: 1, 52: 25, 54: 1, 57: 3, 58: 64}  # fmt: skip
    (region,) = fonts.font([zone]).regions(0)
    assert (region.keys, region.velocities, region.root) == ((60, 72), (1, 64), 64)
    assert (region.attack, region.hold, region.decay, region.release) == (0.5, 1.0, 2.0, 0.25)
    assert (region.sustain, region.tune, region.exclusive) == (25.0, 125, 3)
    assert region.loss == pytest.approx(4.0)
    assert region.pan == pytest.approx(-0.5)
    assert region.filter == pytest.approx(440.0, rel=1e-3)
    assert region.looped
    assert (region.loop_first, region.loop_last) == (100, 150)


def test_what_a_preset_says_is_added_and_ranges_are_cut():
    font = fonts.font([{43: span(0, 70), 51: 2}], above={43: span(60, 127), 51: 1, 54: 1})
    (region,) = font.regions(0)
    assert region.keys == (60, 70)
    assert region.tune == 300
    assert not region.looped, "a preset may not say how samples loop"


def test_the_first_zone_without_a_sample_holds_for_the_others():
    font = fonts.font([{-1: 1, 17: 500}, {43: span(0, 59)}, {43: span(60, 127), 17: 0}])
    assert [region.pan for region in font.regions(0)] == [1.0, 0.0]


def test_ranges_that_do_not_meet_sound_nothing():
    assert fonts.font([{43: span(0, 10)}], above={43: span(50, 60)}).regions(0) == ()


def test_samples_of_both_kinds_are_the_same():
    plain = fonts.font().sample(0)
    packed = fonts.font(packed=True).sample(0)
    assert len(plain) == len(packed) == len(fonts.sine())
    assert np.abs(plain - fonts.sine()).max() < 1e-4
    assert np.abs(packed - fonts.sine()).max() < 0.1


def test_loops_of_packed_samples_count_from_their_start():
    (region,) = fonts.font(packed=True).regions(0)
    assert (region.loop_first, region.loop_last) == (100, 150)


def test_samples_are_decoded_once():
    font = fonts.font()
    assert font.sample(0) is font.sample(0)


def test_a_damaged_recording_is_named():
    data = bytearray(fonts.font_bytes(packed=True))
    at = data.index(b"OggS")
    data[at : at + 4000] = bytes(4000)
    font = SoundFont(np.frombuffer(bytes(data), np.uint8), "torn.sf3")
    with pytest.raises(BadInput, match=r"torn\.sf3: its recording 'S' is damaged"):
        font.sample(0)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE" + bytes(40), bytes(200)])
def test_what_is_no_font_is_refused(data):
    with pytest.raises(BadInput, match="no SoundFont"):
        SoundFont(np.frombuffer(data, np.uint8), "x.sf2")


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9, 0.97, 0.99])
def test_a_font_that_ends_too_early_is_refused(share):
    data = fonts.font_bytes()
    with pytest.raises(BadInput, match="ends too early"):
        SoundFont(np.frombuffer(data[: int(share * len(data))], np.uint8), "x.sf2")


def test_any_byte_may_be_wrong():
    clean, dice = fonts.font_bytes(), np.random.default_rng(5)
    tables = clean.index(b"phdr")
    for _ in range(120):
        data = bytearray(clean)
        for place in dice.integers(tables, len(data), 4):
            data[place] = dice.integers(256)
        try:
            font = SoundFont(np.frombuffer(bytes(data), np.uint8), "x.sf2")
            regions = font.regions(0)
        except BadInput:
            continue
        assert all(0 <= region.sample < 2 and region.attack <= 100 for region in regions)


def test_a_file_is_opened_by_its_path(tmp_path):
    path = tmp_path / "größe.sf2"
    path.write_bytes(fonts.font_bytes())
    assert open_font(path).presets() == ((0, 0, "P0"),)


def test_files_that_cannot_be_fonts_are_refused(tmp_path):
    (tmp_path / "empty.sf2").write_bytes(b"")
    with pytest.raises(BadInput, match=r"empty\.sf2 has 0 bytes"):
        open_font(tmp_path / "empty.sf2")
    with pytest.raises(BadInput, match=r"none\.sf2 cannot be read"):
        open_font(tmp_path / "none.sf2")


def test_a_font_is_looked_through_when_it_is_chosen(tmp_path):
    path = tmp_path / "own.sf2"
    path.write_bytes(fonts.font_bytes(presets=((0, 0), (0, 40), (128, 0))))
    assert [place[:2] for place in soundfont.open_whole(path).presets()] == [
        (0, 0), (0, 40), (128, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "has 0 bytes"),
        (b"RIFF\0\0\0\0WAVE", "is no SoundFont"),
        (fonts.font_bytes()[:-300], "is damaged"),
        (fonts.font_bytes(packed=True).replace(b"OggS", b"Nope"), "is damaged"),
        (fonts.font_bytes(wave=np.zeros(0, np.float32)), "holds no recordings"),
    ],
)
def test_a_broken_font_is_refused_when_it_is_chosen(tmp_path, data, words):
    path = tmp_path / "broken.sf2"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=words):
        soundfont.open_whole(path)


def test_a_font_that_is_gone_says_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="cannot be read") as caught:
        soundfont.open_whole(tmp_path / "gone.sf2")
    assert "another SoundFont" in caught.value.problem.next_step
