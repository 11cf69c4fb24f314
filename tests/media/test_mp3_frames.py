"""The frames of MP3 streams: counted, timed, freed of tags, refused where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import mp3_frames, sound_files


def tone(seconds: float = 0.5, rate: int = 44100, channels: int = 2) -> np.ndarray:
    """A quiet sine (n, channels)."""
    wave = 0.3 * np.sin(np.arange(int(seconds * rate)) / rate * 440 * 2 * np.pi)
    return np.repeat(wave[:, None], channels, 1).astype(np.float32)


def mp3(seconds: float = 0.5, rate: int = 44100, channels: int = 2, **more) -> bytes:
    return sound_files.write(tone(seconds, rate, channels), rate, "mp3", **more)


@pytest.mark.parametrize(("rate", "samples"), [(44100, 1152), (48000, 1152), (22050, 576)])
@pytest.mark.parametrize("channels", [1, 2])
def test_frames_tile_the_stream_and_tell_its_length(rate, samples, channels):
    found = mp3_frames.read(mp3(0.5, rate, channels))
    assert (found.rate, found.channels, found.samples) == (rate, channels, samples)
    assert found.sizes.sum() == len(found.data)
    places = np.concatenate([[0], np.cumsum(found.sizes)[:-1]])
    assert all(found.data[place] == 255 for place in places), "each begins with its sync word"
    assert abs(found.length - rate // 2) <= samples
    assert mp3_frames.DECODER_DELAY < found.delay < 2 * samples + mp3_frames.DECODER_DELAY


def test_the_length_is_exact_where_the_encoder_tells_it():
    assert mp3_frames.read(mp3(1.0)).length == 44100


def test_a_tag_before_the_frames_is_passed_over():
    plain = mp3_frames.read(mp3())
    titled = mp3_frames.read(mp3(tags=sound_files.Tags(title="A title", comment="x" * 300)))
    assert titled.data == plain.data
    size = 200
    tag = b"ID3\x04\0\0" + bytes([0, 0, size >> 7, size & 127]) + b"\xff" * size
    assert mp3_frames.read(tag + mp3()).sizes.tolist() == plain.sizes.tolist()


def test_without_a_word_from_the_encoder_every_frame_counts():
    whole = mp3_frames.read(mp3())
    found = mp3_frames.read(whole.data)
    assert found.sizes.tolist() == whole.sizes.tolist()
    assert (found.delay, found.length) == (0, len(whole.sizes) * 1152)


def test_what_is_cut_short_loses_its_last_frame_only():
    whole = mp3_frames.read(mp3())
    found = mp3_frames.read(whole.data[:-3])
    assert found.sizes.tolist() == whole.sizes.tolist()[:-1]


@pytest.mark.parametrize("data", [b"", b"\xff", b"RIFF0000WAVE", b"\xff\xfb\xf0\x00" * 9])
def test_other_bytes_are_refused_by_name(data):
    with pytest.raises(BadInput, match=r"tune\.mp3 is no MP3"):
        mp3_frames.read(data, "tune.mp3")


def test_a_lonely_header_without_its_frame_is_refused():
    with pytest.raises(BadInput, match="has no frames"):
        mp3_frames.read(mp3_frames.read(mp3()).data[:40])
