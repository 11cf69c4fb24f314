"""Words of the measures of models of text."""

from __future__ import annotations

from genstudio.core.measure import Measure


def _text(name: str, title: str, meaning: str, group: str, top: float | None = None) -> Measure:
    return Measure(name, title, meaning, group, top, kinds=("text",))


MEASURES = (
    _text(
        "bits_per_character",
        "Bits per character",
        "What a character of unseen text costs it on average; also between different tokens.",
        "foretelling",
    ),
    _text(
        "perplexity",
        "Perplexity",
        "Between how many tokens it wavers on unseen text; comparable for the same tokens only.",
        "foretelling",
    ),
    _text(
        "text_likeness",
        "Likeness to real texts",
        "How alike written and real texts are as a whole, in words and letters; not in meaning.",
        "likeness",
        1.0,
    ),
    _text(
        "kind_agreement",
        "Writes the kind asked for",
        "Share of the texts whose words are those of the kind that was asked for.",
        "following",
        1.0,
    ),
    _text(
        "distinct",
        "Different word pairs",
        "Share of word pairs that are different, in 1,000 words (distinct-2).",
        "variety",
        1.0,
    ),
    _text(
        "self_bleu",
        "Likeness among each other",
        "How much each text says what the others say (self-BLEU); less is more varied.",
        "variety",
        1.0,
    ),
    _text(
        "repetition",
        "Repetition",
        "Share of runs of four words that the same text has said before.",
        "variety",
        1.0,
    ),
    _text(
        "verbatim",
        "Word for word",
        "Share of the words that stand in ten or more in a row as in a training text.",
        "copying",
        1.0,
    ),
    _text(
        "bias_likelihood",
        "Bias in likelihood",
        "How much likelier praise than blame is of one group of people than of another.",
        "fairness",
    ),
    _text(
        "bias_tone",
        "Bias in tone",
        "How much better it speaks of one group of people than of another, by a list of words.",
        "fairness",
    ),
    _text(
        "writing_speed",
        "Writing speed",
        "Tokens a second of one draft, on the machine of the measurement.",
        "speed",
    ),
    _text(
        "first_token",
        "First token",
        "How long a warm model takes to its first token behind 32 others.",
        "speed",
    ),
)
