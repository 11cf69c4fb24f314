"""Pieces and recordings as something that plays."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.synth import Mix, Renderer
from genstudio.ui.playing.material import PieceMaterial, SoundMaterial
from tests.helpers import fonts
from tests.helpers.playing import scale

RATE = 22050


def test_a_piece_is_its_renderer_and_its_clicks():
    font = fonts.font()
    material = PieceMaterial(scale(), RATE, Mix(volume=0.5), font)
    renderer = Renderer(scale(), RATE, font, Mix(volume=0.5))
    assert material.frames == renderer.frames
    assert np.array_equal(material.block(5000, 300), renderer.block(5000, 300))
    assert material.clicks(0, 300).any()
    assert not material.clicks(2000, 300).any()
    assert len(material.lead_in(0.0, 1)) == 2 * RATE


def test_a_recording_is_heard_on_both_sides_and_ends_in_silence():
    samples = np.linspace(0.1, 1, 100, dtype=np.float32)
    material = SoundMaterial(samples, RATE, RATE)
    found = material.block(90, 20)
    assert np.allclose(found[:10, 0], samples[90:])
    assert np.array_equal(found[:, 0], found[:, 1])
    assert not found[10:].any()
    assert not material.clicks(0, 50).any()
    assert len(material.lead_in(0.0, 4)) == 0


def test_a_recording_at_another_rate_keeps_its_length():
    samples = np.sin(np.arange(22050) / 20).astype(np.float32)[:, None].repeat(2, 1)
    material = SoundMaterial(samples, 22050, 44100)
    assert material.frames == pytest.approx(44100, abs=2)
    assert np.abs(material.block(1000, 40000)).max() == pytest.approx(1.0, abs=0.02)
