"""What an evaluation is about, by kind of model: its things, how many are made, its words.

The kind is that of the data and of the models; a judge looks at pictures. Scores carry it in their
settings ("kind"), those of pictures do not say it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """`things` are what a dataset holds, `made` asks how many of them are made anew: one of
    `counts`, usually `usual`. `picks` names what can be chosen besides; `meaning` says what an
    evaluation is. `judged`: a model of pictures looks at them; `lists`: people may edit words.
    `passages` are what a step of training reads.
    """

    kind: str
    things: str
    made: str
    counts: tuple[int, ...]
    usual: int
    meaning: str
    picks: str = "Measures"
    passages: str = "pictures"
    judged: bool = False
    lists: bool = False


PICTURES = Subject(
    kind="image",
    things="pictures",
    made="Samples",
    counts=(500, 2000, 10_000),
    usual=2000,
    meaning="An evaluation compares new samples with pictures that the model never saw: how real "
    "they look, how varied they are, and whether it only repeats what it was trained on.",
    picks="Measures and judge",
    judged=True,
)
TEXTS = Subject(
    kind="text",
    things="texts",
    made="Texts to write",
    counts=(50, 100, 200),  # each takes as long as a page in the panel
    usual=100,
    meaning="An evaluation lets the model foretell text that it never saw and go on with "
    "beginnings of it: how surprised it is, how varied and how real it writes, whether it repeats "
    "its training texts word for word, and whether it speaks of groups of people alike.",
    picks="Measures and word lists",
    passages="passages",
    lists=True,
)
PIECES = Subject(
    kind="music",
    things="pieces",
    made="Pieces to compose",
    counts=(16, 32, 64),  # of a few bars each
    usual=32,
    meaning="An evaluation lets the model foretell pieces that it never saw and compose new ones: "
    "how surprised it is, whether keys, note lengths, voices and form are those of real music, "
    "whether it repeats pieces that it was trained on, and how it sounds.",
    passages="passages",
)
SOUNDS = Subject(
    kind="sound",
    things="sounds",
    made="Sounds to make",
    counts=(16, 32, 64),  # one sample after another: slow
    usual=32,
    meaning="An evaluation lets the model foretell sounds that it never heard and make new ones: "
    "how surprised it is, how loud they are, and how much silence is in them.",
    passages="sounds",
)
ALL: tuple[Subject, ...] = (PICTURES, TEXTS, PIECES, SOUNDS)


def of(kind: object) -> Subject:
    """The subject of a kind of data or model; of a judge and of what is not known: pictures."""
    return next((subject for subject in ALL if subject.kind == kind), PICTURES)
