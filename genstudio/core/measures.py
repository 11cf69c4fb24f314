"""What each number of an evaluation is called and means, for people.

The metrics themselves need scipy and onnxruntime; window and card only need their words.
`MEASURES` is keyed by `Score.metric`; a score that is not listed is shown under its own name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from genstudio.core.manifest import Score

GROUPS: dict[str, str] = {
    "foretelling": "How well it foretells",
    "likeness": "How real",
    "following": "How well it does what is asked",
    "variety": "How varied",
    "copying": "Own work or copies",
    "repair": "How well pictures survive",
    "judging": "How well it judges",
    "fairness": "Whom it favours",
    "speed": "How fast",
    "other": "More",
}
"""Headings in reading order, by the name that `Measure.group` uses."""


MOST_TITLE, MOST_HELP = 60, 300


@dataclass(frozen=True)
class Measure:
    """`meaning` is one sentence, `top` the end of its scale where it has one (1 for shares).

    `task` is what a model must be able to do; "prompt": it is asked with words; "": the number
    comes with that of another measure and is not asked for by itself. `of` is what is measured:
    models of pictures or of text.
    """

    name: str
    title: str
    meaning: str
    group: str
    top: float | None = None
    task: str = "sample"
    of: Literal["image", "text"] = "image"


_ALL = (
    Measure(
        "frechet",
        "Fréchet distance",
        "How far the samples as a whole lie from real pictures, in what the judge sees of them.",
        "likeness",
    ),
    Measure(
        "kernel",
        "Kernel distance",
        "The same question without assuming a shape; about 0 where nobody could tell them apart.",
        "likeness",
    ),
    Measure(
        "precision",
        "Precision",
        "Share of the samples that lie where real pictures lie: few odd ones.",
        "likeness",
        1.0,
    ),
    Measure(
        "density",
        "Density",
        "How closely real pictures crowd around the samples; 1 is as closely as around their own.",
        "likeness",
    ),
    Measure(
        "class_agreement",
        "Recognised as asked",
        "Share of the samples in which the judge sees the class that was asked for.",
        "likeness",
        1.0,
    ),
    Measure(
        "prompt_following",
        "Follows the prompt",
        "Share of the attributes asked for (hair, glasses …) that a judge sees in the picture.",
        "following",
        1.0,
        "prompt",
    ),
    Measure(
        "prompt_following_new",
        "Follows new combinations",
        "The same for combinations of attributes that were held out from training.",
        "following",
        1.0,
        "",
    ),
    Measure(
        "matching",
        "Known by its caption",
        "Share of the captions whose picture a judge finds among ten; 0.1 would be chance.",
        "following",
        1.0,
        "prompt",
    ),
    Measure(
        "classifier_accuracy",
        "Teaches a classifier",
        "How often a simple classifier that saw only samples is right about real pictures.",
        "likeness",
        1.0,
    ),
    Measure(
        "recall",
        "Recall",
        "Share of the real pictures that have something like them among the samples.",
        "variety",
        1.0,
    ),
    Measure(
        "coverage",
        "Coverage",
        "Share of the real pictures with at least one sample close by; odd samples do not help.",
        "variety",
        1.0,
    ),
    Measure(
        "diversity",
        "Variety in a class",
        "How much samples of one class differ among each other; 1 is as much as real ones do.",
        "variety",
    ),
    Measure(
        "copies",
        "Possible copies",
        "Share of the samples that come nearer to a training picture than 1 % of unseen ones do.",
        "copying",
    ),
    Measure(
        "nearest",
        "Distance to training pictures",
        "How near samples come to their closest training picture; 1 is as near as unseen ones.",
        "copying",
    ),
    Measure(
        "reconstruction",
        "Reconstruction error",
        "How much a real picture changes when it goes through the model (mean squared error).",
        "repair",
        task="reconstruct",
    ),
    Measure(
        "accuracy",
        "Accuracy",
        "Share of unseen pictures whose class is named rightly.",
        "judging",
        1.0,
        "classify",
    ),
    Measure(
        "reading",
        "Reads attributes",
        "Share of the attributes of unseen pictures that are read rightly.",
        "judging",
        1.0,
        "read",
    ),
    Measure(
        "pairing",
        "Pairs captions and pictures",
        "Share of the captions of unseen pictures that find theirs among ten; 0.1 is chance.",
        "judging",
        1.0,
        "match",
    ),
    Measure(
        "speed",
        "Speed",
        "Pictures a second in batches, on the machine of the measurement.",
        "speed",
    ),
    Measure(
        "first_result",
        "First picture",
        "How long the first picture takes, from opening the model.",
        "speed",
    ),
    Measure(
        "per_result",
        "A picture alone",
        "How long a picture takes when it is asked for alone and the model is open already.",
        "speed",
    ),
)


def _text(name: str, title: str, meaning: str, group: str, top: float | None = None) -> Measure:
    return Measure(name, title, meaning, group, top, of="text")


_OF_TEXT = (
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
MEASURES: dict[str, Measure] = {measure.name: measure for measure in (*_ALL, *_OF_TEXT)}


def of(score: Score) -> Measure:
    """The words of a score; for an unknown metric its own name and help, cut where endless."""
    known = MEASURES.get(score.metric)
    title = score.metric[:MOST_TITLE].replace("_", " ").capitalize()
    return known or Measure(score.metric, title, score.help[:MOST_HELP], "other")


def named(name: str) -> Measure:
    """The words of a metric by name, also where there is no score yet."""
    return MEASURES.get(name) or Measure(name, name.replace("_", " ").capitalize(), "", "other")


def in_order(scores: tuple[Score, ...]) -> list[tuple[str, list[Score]]]:
    """(heading, scores) of each group that has any, in reading order."""
    places = {name: place for place, name in enumerate(MEASURES)}
    found: list[tuple[str, list[Score]]] = []
    for group, heading in GROUPS.items():
        mine = [score for score in scores if of(score).group == group]
        if mine:
            mine.sort(key=lambda score: places.get(score.metric, len(places)))
            found.append((heading, mine))
    return found


BETTER = {
    "lower": "lower is better",
    "higher": "higher is better",
    "near": "near real pictures is better",
}


def things(score: Score) -> str:
    """What the score is about: "pictures" or "texts"."""
    return "texts" if score.settings.get("kind") == "text" else "pictures"


def floor_name(score: Score) -> str:
    """What its floor is: "real pictures", "real texts", or "chance"."""
    named = score.settings.get("floor")
    return named[:MOST_TITLE] if isinstance(named, str) else f"real {things(score)}"


def number(value: float) -> str:
    """Four digits, two of very small numbers, thousands with commas: "0.8105", "-0.00022"."""
    if value and abs(value) < 1e-6:
        return f"{value:.1e}"
    if value and abs(value) < 1e-3:
        digits = 1 - math.floor(math.log10(abs(value)))
        return f"{value:.{digits}f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def sentence(score: Score) -> str:
    """A score in words: value, interval, what real pictures reach, direction."""
    unit = f" {score.unit}" if score.unit else ""
    parts = [f"{of(score).title} {number(score.value)}{unit}"]
    if score.low is not None and score.high is not None:
        parts.append(f"95 % interval {number(score.low)} to {number(score.high)}")
    if score.floor is not None:
        parts.append(f"{floor_name(score)} {number(score.floor)}")
    if score.better:
        parts.append(BETTER[score.better])
    return ", ".join(parts)


_SPLITS = {"test": "test", "valid": "held-out", "train": "training", "unseen": "unseen"}


def measured_parts(score: Score) -> list[str]:
    """How it was measured, in parts: samples, seed, pictures, judge."""
    known = score.settings
    counted = str(known.get("counted", "samples"))[:MOST_TITLE]
    parts = [f"{score.samples:,} {counted}"] if score.samples else []
    if "seed" in known:
        parts.append(f"seed {known['seed']}")
    if known.get("data"):
        split = str(known.get("split", "test"))
        real = known.get("real")
        count = f"{real:,} " if isinstance(real, int) else ""
        parts.append(f"{count}{_SPLITS.get(split, split)} {things(score)} of {known['data']}")
    if known.get("extractor"):
        digest = str(known.get("extractor_sha256", ""))[:10]
        parts.append(f"judge {known['extractor']}{f' ({digest})' if digest else ''}")
    return parts


def measured(score: Score) -> str:
    """How it was measured: "10,000 samples · seed 0 · test pictures of x · judge y (hash)"."""
    return " · ".join(measured_parts(score))
