"""How well a model foretells sounds that it never heard, and what its own sounds are like.

What is made sounds as it should where each number lies where nineteen of twenty real ones lie. It
is like what was asked for where most of its nearest real sounds, by their spectrogram, are of that
class; the same question about unseen real sounds is the floor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.device import cpu_name
from genstudio.engine.logits import log_softmax
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.sound_material import SoundMaterial, name_of
from genstudio.media import companding, spectrogram

NUMBERS = ("loudness dB", "silence", "seconds", "brightness Hz")
OUTSIDE = 2.5
"""Percent of real sounds at either end that do not count as usual."""
QUIET = 0.01
"""Samples below this share of full loudness are silence."""
BANDS, TIMES, NEAREST = 20, 20, 5
MOST_TRAIN = 1000
"""Training sounds that new ones are compared with."""


@metric(
    "bits_per_sample",
    "Bits per sample",
    "What a sample of unseen sounds costs; 8 bits is what guessing costs.",
    "unseen sounds",
)
def bits_per_sample(material: SoundMaterial) -> list[Score]:
    """-log2 p of unseen sounds divided by their samples; their class is told."""
    stepper, names = material.needed_stepper(), material.model.class_names
    nats, counts = [], []
    for clip in material.some():
        name = name_of(material.test, clip)
        kind = 1 + names.index(name) if name in names else 0
        codes = companding.encode(clip.samples)
        logs = log_softmax(stepper.told(kind, codes))
        nats.append(float(-logs[np.arange(len(codes)), codes].sum()))
        counts.append(len(codes))
    value, low, high = intervals.of_ratio(np.array(nats), np.array(counts, np.float64))
    return [
        material.score(
            "bits_per_sample",
            value / math.log(2),
            len(nats),
            low=max(0.0, low / math.log(2)),
            high=high / math.log(2),
            unit="bits",
            better="lower",
            wrote=False,
            help="Negative log2 likelihood of unseen sounds, per sample of 256 levels",
            settings={"heard": sum(counts), "rate": material.test.rate},
        )
    ]


def numbers(samples: np.ndarray, rate: int) -> np.ndarray:
    """NUMBERS of a sound (n,), (4,)."""
    rms = math.sqrt(float(np.square(samples, dtype=np.float64).mean()))
    silent = float((np.abs(samples) < QUIET).mean())
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    bright = float((power * hertz).sum() / max(power.sum(), 1e-12))
    return np.array([20 * math.log10(max(rms, 1e-4)), silent, len(samples) / rate, bright])


@metric(
    "sounds_usual",
    "Heard as real ones are",
    "Share of new sounds whose loudness, silence, length and brightness are those of real ones.",
    "new sounds",
    "training sounds",
)
def sounds_usual(material: SoundMaterial) -> list[Score]:
    """Share of new sounds within what is usual; floor: of unseen real ones."""
    rate = material.train.rate
    real = np.stack([numbers(c.samples, rate) for c in material.train.clips[:MOST_TRAIN]])
    made = np.stack([numbers(one.samples, rate) for one in material.heard])
    other = np.stack([numbers(c.samples, rate) for c in material.test.clips])
    low, high = np.percentile(real, (OUTSIDE, 100 - OUTSIDE), axis=0)
    fine, floor = (((n >= low) & (n <= high)).all(axis=1) for n in (made, other))
    ends = intervals.wilson(int(fine.sum()), len(fine))
    means = {
        key: {name: round(float(v), 3) for name, v in zip(NUMBERS, n.mean(axis=0), strict=True)}
        for key, n in (("by_sound", made), ("by_sound_real", other))
    }
    return [
        material.score(
            "sounds_usual",
            float(fine.mean()),
            len(fine),
            low=ends[0],
            high=ends[1],
            floor=float(floor.mean()),
            better="higher",
            help="Share of new sounds within the usual range of real ones in loudness, silence, "
            "length and brightness",
            settings=means,
        )
    ]


def features(samples: np.ndarray) -> np.ndarray:
    """What a sound (n,) looks like, float32 (BANDS * TIMES,): strengths of bands over its time."""
    found = spectrogram.strengths(samples, TIMES)  # (bins, columns)
    edges = np.unique(np.geomspace(1, len(found), BANDS + 1).astype(int))
    bands = np.stack([found[a:b].mean(axis=0) for a, b in pairwise(edges)])
    places = np.linspace(0, bands.shape[1] - 1, TIMES).astype(int)
    flat: np.ndarray = bands[:, places].ravel()
    return flat


def nearest_kind(
    wanted: Sequence[np.ndarray], known: Sequence[np.ndarray], kinds: Sequence[str]
) -> list[str]:
    """For each sound the class of most of its nearest known ones; of the nearest where it is a
    draw."""
    real = np.stack([features(samples) for samples in known])
    found = []
    for samples in wanted:
        away = np.square(real - features(samples)).sum(axis=1)
        near = [kinds[i] for i in np.argsort(away, kind="stable")[:NEAREST].tolist()]
        found.append(max(near, key=lambda kind: (near.count(kind), -near.index(kind))))
    return found


@metric(
    "sounds_like_asked",
    "Sounds like what was asked",
    "Share of new sounds whose nearest real sounds are of the class that was asked for.",
    "new sounds",
    "training sounds",
    "sound classes",
)
def sounds_like_asked(material: SoundMaterial) -> list[Score]:
    """Share of agreeing new sounds; floor: of unseen real ones."""
    train = material.train
    step = max(1, len(train.clips) // MOST_TRAIN)
    some = train.clips[::step]
    known, kinds = [clip.samples for clip in some], [name_of(train, clip) for clip in some]
    asked = [one for one in material.heard if one.kind]
    made = nearest_kind([one.samples for one in asked], known, kinds)
    hits = np.array([a == one.kind for a, one in zip(made, asked, strict=True)])
    real = nearest_kind([clip.samples for clip in material.some()], known, kinds)
    truth = [name_of(material.test, clip) for clip in material.some()]
    floor = np.mean([a == b for a, b in zip(real, truth, strict=True)])
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    return [
        material.score(
            "sounds_like_asked",
            float(hits.mean()),
            len(hits),
            low=low,
            high=high,
            floor=float(floor),
            better="higher",
            help=f"Share of new sounds of which most of the {NEAREST} nearest real sounds, by "
            "spectrogram, are of the class that was asked for",
        )
    ]


@metric(
    "sound_speed",
    "Made over played",
    "Seconds of sound in a second of work, on the machine of the measurement.",
    "new sounds",
)
def sound_speed(material: SoundMaterial) -> list[Score]:
    """Seconds that a sound lasts over those it took; the first, which opens the model, left out."""
    some = material.heard[1:] or material.heard
    rates = np.array([len(one.samples) / material.test.rate / one.seconds for one in some])
    low, high = intervals.of_few(rates)
    device = material.model.device
    return [
        material.score(
            "sound_speed",
            float(rates.mean()),
            len(rates),
            low=max(0.0, low),
            high=high,
            unit="×",
            better="higher",
            help="Seconds of sound a second of work, one at a time, while others may use the "
            "machine",
            settings={
                "device": device.name,
                "threads": device.threads,
                "machine": cpu_name() or "unknown",
            },
        )
    ]
