"""Texts of a dataset as a family of text models learns from them: a tokenizer, and tokens.

Of the recipe's options these are read here, each only where the family has it: `tokenizer`
("chars", "bytes", "bpe" or "auto") and `vocabulary` (its size, 0 or "auto" for what fits the
texts) make the tokenizer, `drop` hides the class of that share of the windows, `fim` turns that
share into gaps to be filled, `answer` is the word behind which answers begin. `context` of the
config says how long the windows are.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family
from genstudio.core.manifest import FINGERPRINTS, TOKENIZER
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json, read_limited
from genstudio.datasets.texts import Texts, open_texts
from genstudio.media import fingerprints, tokens
from genstudio.media.tokens import Tokenizer
from genstudio.training.feeding import Material
from genstudio.training.sources import Parent, Source
from genstudio.training.token_batches import Tokens, Windows

AUTO = "auto"
LONG = 3_000_000
"""Characters of text from which pieces of words are learned instead of single characters."""
FEW_SIGNS = 300
"""Different characters up to which each may be a token."""
MOST_SIGNS = 4096
SMALLEST, LARGEST = 512, 8192
"""Sizes of a vocabulary of pieces that is chosen by the length of the texts."""
HALF = 0.5  # what an option that is only on or off means
PER_PIECE = 1000  # characters of text for each piece


def read(
    family: Family, recipe: Recipe, source: Source, parent: Parent | None, run: Path | None
) -> Generator[Event, None, Material]:
    """The tokenizer and config that the texts make, those to learn from and those held out.

    The tokenizer is that of the run that goes on, else of the parent, else learned here. A model
    that goes on from a parent knows the parent's classes and no others. Raises GenStudioError.
    """
    holdout, options = recipe.settings.holdout, recipe.options
    texts = open_texts(source.folder, "train", holdout)
    held = open_texts(source.folder, "valid", holdout) if holdout else None
    if texts.skipped:
        count = f"{texts.skipped} text{'s' if texts.skipped > 1 else ''}"
        said = f"{count} of {source.dataset.name} gone or changed since they were added: skipped."
        yield Log(level="warning", text=said)
    if not len(texts):
        raise UsageError(f"{source.dataset.name} has no texts to learn from")
    classes = _classes(texts, parent) if options.get("conditional", True) else ()
    tokenizer = _kept(parent, run)
    if tokenizer is None:
        tokenizer = learn(options, texts, classes)
        yield Log(text=f"Tokens: {_words(tokenizer)}.")
    facts: dict[str, Json] = {
        **source.dataset.facts.model_dump(),
        **({"parent": dict(parent.manifest.config)} if parent is not None else {}),
        "classes": list(classes),
        "tokenizer": {
            "kind": tokenizer.kind, "size": tokenizer.size, "specials": list(tokenizer.specials),
        },
    }  # fmt: skip
    config = {**family.config(options, facts), "fingerprints": True}
    names, cut = config["class_names"], windows(config, options)
    classes = tuple(str(name) for name in names) if isinstance(names, list) else ()
    answer = _answer(options)
    data = encode(texts, tokenizer, cut, classes, answer)
    if answer and not any(data.given):
        raise UsageError(
            f"“{answer}” stands in no text of {source.dataset.name}",
            next_step="Write the words behind which answers begin as they stand in the texts, or "
            "leave “Learn what follows” empty.",
        )
    yield Log(text=f"{len(texts):,} texts, {data.total:,} tokens to learn from.")

    def extra() -> dict[str, bytes]:
        found = fingerprints.make((doc.name, doc.text) for doc in texts.docs)
        return {TOKENIZER: tokenizer.to_bytes(), FINGERPRINTS: found.to_bytes()}

    kept = encode(held, tokenizer, cut, classes, answer) if held is not None else None
    return Material(config, data, kept, extra)


def learn(options: Mapping[str, Json], texts: Texts, classes: tuple[str, ...]) -> Tokenizer:
    """A tokenizer for `texts` as the recipe's options say; raises UsageError."""
    kind = str(options.get("tokenizer", AUTO))
    if kind == AUTO:
        signs = len(set().union(*(doc.text for doc in texts.docs)))
        kind = "bpe" if texts.characters >= LONG or signs > FEW_SIGNS else "chars"
    if kind not in tokens.KINDS:
        raise UsageError(f"there is no tokenizer {kind!r}: there are {', '.join(tokens.KINDS)}")
    size = options.get("vocabulary", AUTO)
    wanted = int(str(size)) if str(size).isdecimal() else 0
    if not wanted:
        fits = 2 ** int(np.log2(max(1, texts.characters // PER_PIECE)))
        wanted = MOST_SIGNS if kind == "chars" else min(LARGEST, max(SMALLEST, fits))
    return tokens.train(kind, (doc.text for doc in texts.docs), wanted, classes)  # type: ignore[arg-type]


def encode(
    texts: Texts, tokenizer: Tokenizer, windows: Windows, classes: tuple[str, ...], answer: str = ""
) -> Tokens:
    """The documents as tokens; a class that is not among `classes` is none.

    With `answer` each is read in two parts, as a prompt and what a model writes are.
    """
    places = {name: place for place, name in enumerate(classes)}
    names = [texts.class_names[doc.label] if doc.label >= 0 else "" for doc in texts.docs]
    parts = [_parts(doc.text, answer) for doc in texts.docs]
    coded = [[tokenizer.encode(part) for part in both] for both in parts]
    return Tokens(
        tuple(np.array([*question, *rest], np.int32) for question, rest in coded),
        tokenizer,
        windows,
        tuple(places.get(name, -1) for name in names),
        classes,
        tuple(len(question) for question, _ in coded) if answer else (),
    )


def _parts(text: str, answer: str) -> tuple[str, str]:
    """Question and answer; a text without that word is all answer."""
    before, found, behind = text.partition(answer) if answer else (text, "", "")
    return (before + found, behind) if found else ("", text)


def _answer(options: Mapping[str, Json]) -> str:
    """The word behind which answers begin, "" where texts are no questions with answers."""
    answer = str(options.get("answer", "")).strip()
    if answer and options.get("fim"):
        raise UsageError(
            "Gaps and answers cannot be learned together",
            next_step="Empty “Learn what follows”, or turn “Learn to fill gaps” off.",
        )
    return answer


def _classes(texts: Texts, parent: Parent | None) -> tuple[str, ...]:
    if parent is None:
        return texts.class_names
    known = parent.manifest.config.get("class_names")
    return tuple(str(name) for name in known) if isinstance(known, list) else ()


def _kept(parent: Parent | None, run: Path | None) -> Tokenizer | None:
    """The tokenizer of a run that goes on, or of the parent."""
    folders = [run, parent.folder if parent is not None else None]
    for folder in folders:
        if folder is not None and (folder / TOKENIZER).is_file():
            return tokens.read(read_limited(folder / TOKENIZER, tokens.MAX_BYTES))
    return None


def windows(config: Mapping[str, Json], options: Mapping[str, Json]) -> Windows:
    """How a recipe wants windows to be cut."""

    def share(name: str) -> float:
        value = options.get(name, 0.0)
        if isinstance(value, bool):
            return HALF if value else 0.0
        return float(value) if isinstance(value, (int, float)) else 0.0

    context = config["context"]
    assert isinstance(context, int)
    return Windows(context, share("drop"), share("fim"))


def _words(tokenizer: Tokenizer) -> str:
    """Such as "8,192 pieces of words"."""
    words = {"chars": "characters", "bytes": "bytes", "bpe": "pieces of words"}[tokenizer.kind]
    return f"{tokenizer.size:,} {words}"
