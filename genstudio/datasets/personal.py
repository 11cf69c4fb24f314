"""What looks like personal data in texts, captions and file names: mails, phones, names.

Patterns find what has a form; they cannot know whether somebody real is meant, and miss much.
So they warn, never skip, and findings show too little of what they found to pass it on.
Faces are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAIL, PHONE, NAME, PLACE = "mail address", "phone number", "name", "place of the picture"
MAX_TEXT = 2_000_000
_MAIL = re.compile(r"\b[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}\b", re.IGNORECASE)
# International, or national with separators: nothing that a plain number, year or hash matches.
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}[ ./-]?(?:\(\d{1,4}\)[ ./-]?)?\d{2,4}(?:[ ./-]?\d{2,4}){1,4}"
    r"|\(0?\d{2,4}\)[ ./-]?\d{3,4}[ ./-]?\d{3,5}|0\d{2,4}[ /-]\d{3,4}[ -]\d{3,5}"
    r"|\d{3}-\d{3}-\d{4})(?![\w])"
)
_WORD = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]{1,20}"
_TITLED = re.compile(rf"\b(?:Mrs?|Ms|Miss|Dr|Prof|Frau|Herr|Mme|Sr|Sra)\.? {_WORD}(?: {_WORD})?")
_TWO = re.compile(rf"\b({_WORD})(?: [A-Z]\.)? {_WORD}(?:-{_WORD})?\b")
# Given names that are common in several languages and seldom other words.
_NAMES = """
    Aaron Abigail Adam Ahmed Aisha Alan Albert Alejandro Alexander Alexandra Ali Alice Amanda
    Amelia Amy Ana Anders Andrea Andreas Andrew Angela Anna Anne Anthony Antonio Arthur Astrid
    Barbara Benjamin Bernard Birgit Brian Camille Carl Carlos Carmen Carolina Caroline Catherine
    Charles Charlotte Chloe Christian Christina Christine Christopher Claire Claudia Daniel
    Daniela David Deborah Dennis Diana Diego Dmitri Donald Dorothy Edward Elena Elizabeth Emily
    Emma Eric Erik Eva Fatima Felix Fernando Francesca Francesco Francisco Franz Fritz Gabriel
    Gabriela George Gerhard Giovanni Giulia Greta Guillaume Hannah Hans Harold Heather Heinrich
    Helen Helena Henri Henry Hiroshi Ibrahim Igor Ingrid Isabel Isabella Ivan Jacob James Jan
    Jane Jean Jennifer Jessica Joan Johann Johannes John Jonathan Jorge Jose Joseph Juan Julia
    Julian Karen Karin Karl Katharina Kathleen Katherine Kenji Kevin Klaus Kristina Lars Laura
    Lauren Lena Leonardo Linda Lisa Louis Louise Lucas Lucia Luis Lukas Magdalena Margaret
    Maria Marie Mario Martha Martin Mary Matteo Matthew Matthias Mehmet Melissa Michael Michelle
    Miguel Mohamed Mohammed Monica Nancy Natalia Nathalie Nicholas Nicolas Nicole Noah Olga
    Oliver Olivia Omar Oscar Pablo Patricia Patrick Paul Paula Pedro Peter Petra Philip Pierre
    Rachel Raj Rebecca Ricardo Richard Robert Roberto Ronald Rosa Ruth Ryan Samantha Samuel Sandra
    Sara Sarah Sebastian Sergei Simon Sofia Sophia Sophie Stefan Stephanie Stephen Steven Susan
    Susanne Svetlana Takashi Teresa Thomas Timothy Tobias Tom Ursula Valentina Vera Victor
    Victoria Vincent Vladimir Walter Wei William Wolfgang Yasmin Yuki Yusuf Zoe"""
_GIVEN = frozenset(_NAMES.split())


def suspects(text: str) -> Iterator[tuple[str, str]]:
    """(why, masked words) for each place in `text` that looks like personal data."""
    text = text[:MAX_TEXT]
    if "@" in text:
        for found in _MAIL.finditer(text):
            yield MAIL, masked(found[0])
    for found in _PHONE.finditer(text):
        if sum(letter.isdigit() for letter in found[0]) >= 8:
            yield PHONE, masked(found[0])
    for found in _TITLED.finditer(text):
        yield NAME, masked(found[0])
    for found in _TWO.finditer(text):
        if found[1] in _GIVEN:
            yield NAME, masked(found[0])


def in_file_name(name: str) -> Iterator[tuple[str, str]]:
    """The same in a file's own name, where dashes and underscores stand for spaces."""
    last = name.rpartition("/")[2].rpartition(".")[0]
    if "@" in last:
        yield from suspects(last)
        return
    yield from suspects(re.sub(r"[_-]+", " ", last))


def masked(words: str) -> str:
    """The first two letters and the length: enough to find it again, too little to pass on."""
    return f"{words[:2]}… ({len(words)} characters)"
