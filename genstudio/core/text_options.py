"""Recipe options that every family of token models shares, and how they meet the data.

Models of tokens write texts or, learning from music, notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core import note_options
from genstudio.core.controls import Choice, Control, Float, Int, Option, Switch, Text
from genstudio.core.picture_options import class_names
from genstudio.core.stored import Json

AUTO = "auto"
_GUESS = {"chars": 128, "bytes": 260, "bpe": 4096}
"""Sizes of vocabularies, more or less, before the texts were read."""

TOKENIZER = Choice(
    name="tokenizer",
    label="Pieces",
    default=AUTO,
    help="What is read one after the other: pieces of words see farther, characters learn from "
    "little text. Automatic follows the text.",
    options=(
        Option(value=AUTO, label="Automatic"),
        Option(value="chars", label="Characters"),
        Option(value="bytes", label="Bytes"),
        Option(value="bpe", label="Pieces of words (BPE)"),
    ),
)
VOCABULARY = Int(
    name="vocabulary",
    label="Pieces to learn",
    default=0,
    low=0,
    high=50_000,
    more=True,
    help="How many pieces of words there are at most; 0 takes what fits the amount of text.",
)
CONDITIONAL = Switch(
    name="conditional",
    label="Learn the kinds",
    default=True,
    help="Lets you ask for a kind by name; needs data sorted into classes.",
)
FIM = Switch(
    name="fim",
    label="Learn to fill gaps",
    default=False,
    help="Half of the passages have a gap that is told last (Bavarian et al. 2022): needed to fill "
    "gaps and bars, to harmonise and vary.",
)
DROP = Float(
    name="drop",
    label="Kind hidden",
    default=0.1,
    low=0.0,
    high=1.0,
    more=True,
    help="Share of the passages whose kind is not told, so that the model works without one, too.",
)
PROMPTS = Text(
    name="prompts",
    label="Beginnings to watch",
    default="",
    multiline=True,
    more=True,
    placeholder="One a line",
    help="Live samples go on from these, one a line, in which \\n stands for a new line; without "
    "any from texts that were held out.",
)
ANSWER = Text(
    name="answer",
    label="Learn what follows",
    default="",
    max_length=200,
    more=True,
    placeholder="Such as “Answer:”",
    help="For questions with answers: the words behind which answers begin. Each text is then read "
    "as a whole, and its answer counts.",
)
SHARED: tuple[Control, ...] = (
    TOKENIZER, VOCABULARY, CONDITIONAL, FIM, DROP, ANSWER, PROMPTS, *note_options.SHARED,
)  # fmt: skip
ONLY: Mapping[str, frozenset[str]] = {
    "text": frozenset({"tokenizer", "vocabulary", "answer", "prompts"}),
    "music": frozenset(option.name for option in note_options.SHARED),
}
"""Options by the one kind of data that they mean something for."""
USUAL: Mapping[str, Mapping[str, Json]] = {"music": {"fim": True}}
"""Music is edited in bars and voices more than it is continued."""


def beginnings(prompts: Json) -> list[str]:
    """The option `prompts`: one a line, in which \\n stands for a new line."""
    lines = prompts.splitlines() if isinstance(prompts, str) else []
    return [line.replace("\\n", "\n").rstrip() for line in lines if line.strip()]


def context_option(default: int, help_text: str) -> Int:
    """How many tokens are read at once."""
    return Int(
        name="context",
        label="Context",
        default=default,
        low=16,
        high=4096,
        unit="tokens",
        help=help_text,
    )


def shape(
    chosen: Mapping[str, Json], facts: Mapping[str, Json], keys: tuple[str, ...]
) -> dict[str, Json]:
    """`keys` of a config that say how the networks are built: those of the model that training
    goes on from (the fact "parent"), else as chosen."""
    parent = facts.get("parent")
    known = parent if isinstance(parent, Mapping) else chosen
    return {key: known[key] for key in keys}


def dropout_option(default: float) -> Float:
    """How much is blanked in training."""
    return Float(
        name="dropout",
        label="Dropout",
        default=default,
        low=0.0,
        high=0.7,
        more=True,
        help="Share of the numbers that are blanked in training: more for little text, 0 for much.",
    )


def token_config(chosen: Mapping[str, Any], facts: Mapping[str, Json]) -> dict[str, Json]:
    """The part of a config that all text models share, from checked options and facts of the data.

    The fact "tokenizer" ({"kind", "size"}) is missing in a first look: then its size is guessed.
    """
    found = facts.get("tokenizer")
    if isinstance(found, Mapping):
        kind, size = str(found["kind"]), int(str(found["size"]))
    else:
        kind = "bpe" if chosen["tokenizer"] == AUTO else chosen["tokenizer"]
        size = chosen["vocabulary"] if kind == "bpe" and chosen["vocabulary"] else _GUESS[kind]
    return {
        "tokenizer": kind,
        "vocabulary": size,
        "context": chosen["context"],
        "class_names": [*class_names(facts)] if chosen["conditional"] else [],
        "fim": chosen["fim"],
        "surprise": chosen["surprise"],  # of music alone
    }
