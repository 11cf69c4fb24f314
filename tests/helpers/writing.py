"""A model that writes, played by hand: what the worker would say, word by word."""

from __future__ import annotations

from genstudio.core import writing
from genstudio.core.events import Done, Result, Words
from tests.helpers.fake_studio import FakeModel, FakeStudio

CONFIG = {"vocabulary": 512, "context": 64, "fim": True, "class_names": ["tales", "notes"]}
PLAIN = {"vocabulary": 90, "context": 4096, "tokenizer": "chars"}


def add_writers(studio: FakeStudio) -> None:
    """Two models of text: one fills gaps, the other only goes on."""
    for name, config in (("stories", CONFIG), ("letters", PLAIN)):
        tasks = writing.tasks(config)
        model = FakeModel(name, name.title(), tasks, modality="text", config=dict(config))
        studio.library.models.append(model)


def words(job: str, text: str, index: int = 0, **data) -> Words:
    """A few tokens on their way: one for each word of `text`."""
    parts = [part for part in text.replace(" ", "\0 ").split("\0") if part]
    tokens = [{"t": part, "p": 0.5, "top": [[part, 0.5], [" the", 0.25]]} for part in parts]
    return Words(job=job, index=index, text=text, data={writing.TOKENS: tokens, **data})


def finished(job: str, index: int = 0, **data) -> Result:
    """What a place says at its end, as the queue forwards it."""
    facts = {writing.ENDED: writing.BY_LENGTH, writing.RATE: 50.0, "artifact": f"a{index}"}
    return Result(job=job, path="x.txt", index=index, output="text", data={**facts, **data})


def done(job: str) -> Done:
    """The end of the job."""
    return Done(job=job)
