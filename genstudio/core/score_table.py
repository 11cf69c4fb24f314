"""The score table of a card, in Markdown: values, intervals, how they were measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from genstudio.core import bias_page
from genstudio.core.manifest import Score
from genstudio.core.measures import things

START, END = "<!-- scores -->", "<!-- /scores -->"
HEADING = "## Scores"


def with_table(text: str, scores: Iterable[Score]) -> str:
    """The card's text with the score table between its two marks.

    Without marks it takes the place of the section "Scores", or is appended.
    """
    block = f"{START}\n{table(scores)}\n{END}"
    if START in text and END in text:
        head, _, rest = text.partition(START)
        _, _, tail = rest.partition(END)
        return head + block + tail
    head, found, rest = text.partition(f"{HEADING}\n")
    if not found:
        return f"{text.rstrip()}\n\n{HEADING}\n\n{block}\n"
    _, following, tail = rest.partition("\n## ")
    return f"{head}{HEADING}\n\n{block}\n{following}{tail}"


def table(scores: Iterable[Score]) -> str:
    """A Markdown table of scores, each explained below it, and how they were measured."""
    rows = list(scores)
    lines = [
        f"| Score | Value | 95 % interval | {real(rows)} | Better | Samples |",
        "|---|---|---|---|---|---|",
    ]
    for s in rows:
        between = "" if s.low is None or s.high is None else f"{number(s.low)} to {number(s.high)}"
        floor = "" if s.floor is None else number(s.floor)
        value = f"{number(s.value)} {s.unit}".strip()
        lines.append(f"| {s.metric} | {value} | {between} | {floor} | {s.better} | {s.samples:,} |")
    lines.append("")
    lines += [f"- **{s.metric}**: {s.help}{_detail(s)}." for s in rows]
    return "\n".join([*lines, *measured(rows), *bias_page.lines(rows)])


def real(rows: Sequence[Score]) -> str:
    """Heading of what real data reaches: "Real pictures" or "Real texts"."""
    return f"Real {things(rows[0]) if rows else 'pictures'}"


def measured(rows: Sequence[Score]) -> list[str]:
    """An empty line and sentences about data, judge and seed; [] where nothing is known."""
    ways: dict[str, str] = {}
    for score in rows:
        known = score.settings
        if "data" in known:
            words = f"{_split(score)} {things(score)} of {known['data']}"
            way, real = f"{words}, seed {known.get('seed', 0)}", known.get("real")
            # Rows that compare with no pictures, such as the speed, do not say how many.
            ways[way] = f"{real:,} " if isinstance(real, int) else ways.get(way, "")
    judges = {
        f"{s.settings['extractor']} ({str(s.settings.get('extractor_sha256', ''))[:10]})": None
        for s in rows
        if "extractor" in s.settings
    }
    said = "; ".join(f"the {count}{way}" for way, count in ways.items())
    lines = [f"Measured on {said}."] if said else []
    if judges:
        lines.append(f"Features and recognition by the judge {', '.join(judges)}.")
    return ["", " ".join(lines)] if lines else []


def _split(score: Score) -> str:
    """Which part of the data; of what is no picture in plain words."""
    split = str(score.settings.get("split", "test"))
    return "held-out" if split == "valid" and things(score) != "pictures" else split


def number(value: float) -> str:
    """Four significant digits, no exponent where it can be helped."""
    if value and abs(value) < 1e-3:
        return f"{value:.2e}"
    digits = 0 if abs(value) >= 1000 else 4
    return f"{value:,.0f}" if not digits else f"{value:.{digits}g}"


def _detail(score: Score) -> str:
    """What the settings of this score add that a reader needs."""
    words = details(score)
    return f" ({'; '.join(words)})" if words else ""


def details(score: Score) -> list[str]:
    """What the settings of a score add that a reader needs, in a few words each."""
    words = []
    for key, text in (
        ("psnr_db", "{} dB PSNR"),
        ("first_result_ms", "first picture after {} ms"),
        ("machine", "{}"),
        ("identical", "{} identical to a training picture"),
        ("taught", "{}"),
        ("by_batch", "pictures a second when so many are asked for: {}"),
        ("by_class", "by class: {}"),
        ("by_set", "by set: {}"),
        ("captions", "asked for by {} captions"),
        ("whole", "with everything right: {} of the pictures"),
        ("whole_real", "of real ones: {}"),
        ("by_slot", "by attribute: {}"),
        ("by_slot_real", "in real pictures: {}"),
        ("loss", "loss {}"),
        ("tokenizer", "tokens: {}"),
        ("characters", "{} characters"),
        ("by_length", "for runs of: {}"),
        ("by_length_real", "in real texts: {}"),
        ("looping", "{} that repeat half of themselves"),
        ("notes", "{} notes"),
        ("by_lag", "by bars back: {}"),
        ("by_lag_real", "in real pieces: {}"),
        ("by_sound", "on average {}"),
        ("by_sound_real", "of real pieces {}"),
        ("longest_copy", "longest copy {} words"),
        ("longest_run", "longest copy {} steps"),
        ("longest_source", "from {}"),
    ):
        value = score.settings.get(key)
        if isinstance(value, dict) and value:
            words.append(
                text.format(", ".join(f"{name} {number}" for name, number in value.items()))
            )
        elif value not in (None, "") and not isinstance(value, dict):
            words.append(text.format(value))
    return words
