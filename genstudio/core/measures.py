"""What each number of an evaluation is called and means, for people.

The metrics themselves need scipy and onnxruntime; window and card only need their words.
`MEASURES` is keyed by `Score.metric`; a score that is not listed is shown under its own name.
"""

from __future__ import annotations

import math

from genstudio.core import measures_image, measures_music, measures_sound, measures_text, subjects
from genstudio.core.manifest import Score
from genstudio.core.measure import GROUPS, MOST_HELP, MOST_TITLE, Measure

__all__ = ["GROUPS", "MEASURES", "Measure", "in_order", "measured", "named", "number", "of"]
_KINDS = (measures_image, measures_text, measures_music, measures_sound)
MEASURES: dict[str, Measure] = {m.name: m for kind in _KINDS for m in kind.MEASURES}


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
    """What the score is about: "pictures", "texts", "pieces" …"""
    return subjects.of(score.settings.get("kind")).things


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
