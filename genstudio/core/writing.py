"""Words that all models of text share: what can be asked of them, and how answers are told.

The tasks are declared here once; a family of text models offers those that it can do.
`values` of a saved request use these names, so they must not change.
"""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core import asking, fast
from genstudio.core.controls import Choice, Control, Float, Int, Option, Text
from genstudio.core.family import Task
from genstudio.core.stored import Json

TOKENS = "tokens"
"""Key in the data of text on its way: a list with one entry for each new token,
{"t": what it adds to the text, "p": its probability from 0 to 1 before any setting of the
sampling, "top": [[text, probability], …]} with the likeliest of all, best first. The "t" of all
entries together are the text that was written. In the facts of finished text: their number."""
START, WRITTEN, ENDED = "start", "written", "ended"
"""Keys in the facts of finished text: where in it the model began, how many characters it wrote,
and why it stopped: one of the next three, or "stopped" by hand."""
BY_LENGTH, BY_END, BY_STOP = "length", "end", "stop"
"""So long was asked; the model found its end; a stop text came."""
BEFORE, AFTER = "before", "after"
"""Names of the texts around a gap; in the data of the first, empty piece of a text on its way:
what stands before and after it in the finished text."""
AGAIN = "again"
"""True in the data of `Words`: what this place has said so far is void, it begins anew."""
RATE = "tokens_per_second"
"""Key in the data of a Result of text; not in its facts, because it is never twice the same."""
MAX_TEXT = 1_000_000
"""Characters of a text that is handed to a model; it reads the end of it."""
MOST_DRAFTS = 8
TOP = 8
"""How many of the likeliest tokens are told."""
ANY = asking.ANY
"""The class of a text of which no class is told."""


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a text model: continue, fill a gap where it learnt to, and look inside.

    "copies" only where the package has fingerprints of the texts it was trained on.
    """
    fill = (_fill(config),) if config.get("fim") is True else ()
    copies = (_copies(),) if config.get("fingerprints") is True else ()
    return (_sample(config), *fill, _score(), _saliency(), *copies)


def around(values: Mapping[str, Json]) -> tuple[str, str]:
    """What stands before and after the written words in the finished text of a request."""
    first = values.get("prompt", values.get(BEFORE, ""))
    last = values.get(AFTER, "")
    return (first if isinstance(first, str) else "", last if isinstance(last, str) else "")


def _sample(config: Mapping[str, Json]) -> Task:
    return Task(
        name="sample",
        title="Continue",
        verb="Write",
        output="text",
        help="Goes on where your text ends.",
        controls=(
            Text(
                name="prompt",
                label="Beginning",
                role="prompt",
                multiline=True,
                max_length=MAX_TEXT,
                placeholder="How it begins; empty for a text from nothing",
                help="The text that the model goes on with.",
            ),
            *_how(config),
        ),
    )


def _fill(config: Mapping[str, Json]) -> Task:
    return Task(
        name="fill",
        title="Fill a gap",
        verb="Fill",
        output="text",
        help="Writes what may stand between two pieces of text.",
        controls=(
            Text(
                name=BEFORE,
                label="Before",
                role="before",
                multiline=True,
                max_length=MAX_TEXT,
                help="What stands before the gap.",
            ),
            Text(
                name=AFTER,
                label="After",
                role="after",
                multiline=True,
                max_length=MAX_TEXT,
                help="What stands after the gap.",
            ),
            *_how(config),
        ),
    )


def _score() -> Task:
    return Task(
        name="score",
        title="How likely",
        verb="Look",
        output="report",
        live=True,
        help="How likely the model finds each token of a text, and what it would rather expect.",
        controls=(_passage("The text to look at."),),
    )


def _saliency() -> Task:
    return Task(
        name="saliency",
        title="What it looked at",
        verb="Look",
        output="report",
        live=True,
        help="How much each earlier token speaks for the one at the chosen place: the fall of its "
        "log-probability when the earlier one is left out.",
        controls=(
            _passage("The text; tokens up to the chosen place are looked at."),
            Int(
                name="position",
                label="Place",
                default=0,
                low=0,
                high=MAX_TEXT,
                help="A character of the token that is asked about, counted from 0.",
            ),
        ),
    )


def _copies() -> Task:
    return Task(
        name="copies",
        title="Copied passages",
        verb="Look",
        output="report",
        live=True,
        help="Passages that stand word for word in the texts the model was trained on.",
        controls=(_passage("The text to look at."),),
    )


def _passage(help_text: str) -> Text:
    return Text(
        name="text",
        label="Text",
        role="passage",
        multiline=True,
        max_length=MAX_TEXT,
        help=help_text,
    )


def _how(config: Mapping[str, Json]) -> tuple[Control, ...]:
    """All that shapes what is written, from the class to the words that may not occur."""
    return (*_class(config), *_amount(config), *_chance(), *_against(), *_ends(), fast.SWITCH)


def _class(config: Mapping[str, Json]) -> tuple[Control, ...]:
    names = asking.class_names(config)
    if not names:
        return ()
    nothing = Option(value=ANY, label="Any", help="Nothing is said; the text itself decides.")
    kinds = tuple(Option(value=name, label=name) for name in names)
    return (
        Choice(
            name="class",
            label="Kind",
            default=ANY,
            options=(nothing, *kinds),
            help="What kind of text it is to be.",
        ),
    )


def _amount(config: Mapping[str, Json]) -> tuple[Control, ...]:
    letters = config.get("tokenizer") in ("chars", "bytes")
    return (
        Int(
            name="length",
            label="Length",
            default=400 if letters else 120,
            low=1,
            high=4000,
            unit="tokens",
            help="At most so many tokens (characters, or pieces of words) are written.",
        ),
        Int(
            name="count",
            label="Drafts",
            default=1,
            low=1,
            high=MOST_DRAFTS,
            help="How many different ones to write side by side.",
        ),
        asking.seed(),
    )


def _chance() -> tuple[Control, ...]:
    return (
        _number("temperature", "Temperature", 0.8, 0.0, 2.0, False,
                "Low is careful, high is wild; 0 always takes the likeliest token."),
        Int(name="top_k", label="Top k", default=0, low=0, high=1000, more=True,
            help="Only the k likeliest tokens may come; 0 for all."),
        _number("top_p", "Top p", 0.95, 0.01, 1.0, True,
                "Only the likeliest tokens that together have this share may come "
                "(Holtzman et al. 2020); 1 for all."),
        _number("min_p", "Min p", 0.0, 0.0, 1.0, True,
                "Tokens less likely than this share of the likeliest one are left out."),
        _number("typical", "Typical", 1.0, 0.05, 1.0, True,
                "Tokens about as surprising as the model expects, up to this share "
                "(Meister et al. 2022); 1 is off."),
    )  # fmt: skip


def _against() -> tuple[Control, ...]:
    return (
        _number("repetition", "Repetition", 1.0, 0.5, 2.0, True,
                "Over 1: tokens that stand in the text already become less likely, those of the "
                "beginning too (Keskar et al. 2019)."),
        _number("presence", "Presence", 0.0, -2.0, 2.0, True,
                "Taken off the score of each token that was written already."),
        _number("frequency", "Frequency", 0.0, -2.0, 2.0, True,
                "Taken off the score of a token each time that it was written."),
        Text(name="banned", label="Never write", multiline=True, more=True,
             placeholder="One a line",
             help="Words that may not be written, one a line; inside other words neither."),
    )  # fmt: skip


def _ends() -> tuple[Control, ...]:
    return (
        Text(name="stop", label="Stop at", multiline=True, more=True, placeholder="One a line",
             help=r"Texts that end the writing, one a line; \n is a line end. They are left out."),
        Int(name="beams", label="Beams", default=1, low=1, high=16, more=True,
            help="Over 1: no chance; so many beginnings are followed side by side and the "
            "likeliest whole texts are given."),
        _number("length_penalty", "Length reward", 1.0, -2.0, 4.0, True,
                "With beams: over 0 longer texts count for more."),
    )  # fmt: skip


def _number(
    name: str, label: str, default: float, low: float, high: float, more: bool, help_text: str
) -> Float:
    return Float(
        name=name,
        label=label,
        default=default,
        low=low,
        high=high,
        step=0.05,
        more=more,
        help=help_text,
    )
