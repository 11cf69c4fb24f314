"""A model of sound, played by hand: what the worker would say while it makes sounds."""

from __future__ import annotations

import numpy as np

from genstudio.core import sounding
from genstudio.core.events import Done, Result, Words
from genstudio.media import sound_picture
from tests.helpers.fake_studio import FakeModel, FakeStudio

CONFIG = {"class_names": ["kick", "snare"], "seconds": 0.4, "rate": 8000}
RATE = 8000


def add_hearing(studio: FakeStudio) -> None:
    """Two models of sound: one goes on from a given sound, the other only makes new ones."""
    tasks = sounding.tasks(CONFIG)
    for name, some in (("hits", tasks), ("birds", tasks[:1])):
        model = FakeModel(name, name.title(), some, modality="sound", config=dict(CONFIG))
        studio.library.models.append(model)


def tone(seconds: float = 0.2, loud: float = 0.5) -> np.ndarray:
    """float32 (n,): a tone at RATE."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (loud * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def outline(job: str, index: int = 0, count: int = 3) -> Words:
    """Some more of a sound on its way."""
    return Words(job=job, index=index, text="", data={sounding.PEAKS: [[-0.5, 0.5]] * count})


def finished(studio: FakeStudio, job: str, request, index: int = 0, seconds: float = 0.2) -> Result:
    """A finished sound whose file lies in the gallery, as the queue forwards it."""
    facts = {"seconds": seconds, "rate": RATE, "class": "kick"}
    artifact = studio.gallery.make(request, request.first + index, "sound", **facts)
    path = studio.gallery.path(artifact)
    path.write_bytes(sound_picture.wav(tone(seconds), RATE))
    data = {"artifact": artifact.id, **facts}
    return Result(
        job=job, path=str(path), index=index, seed=request.seed, output="sound", data=data
    )


def done(job: str) -> Done:
    """The end of the job."""
    return Done(job=job)
