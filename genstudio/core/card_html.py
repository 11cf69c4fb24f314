"""A card as one HTML file: no script, no font, no picture from elsewhere; light and dark."""

from __future__ import annotations

import base64
import re
from html import escape

from genstudio.core import bias_page
from genstudio.core.manifest import Manifest, Score
from genstudio.core.measures import BETTER, in_order, measured, number, of
from genstudio.core.score_table import details, real

PICTURES = {
    "preview": "Examples",
    "nearest": "Samples (above) and the training pictures that come nearest to them (below)",
}
"""Captions of the pictures that are known by name."""
_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1d22; --soft: #5a5f6a; --line: #d9dce2;
  --bar: #3b6fd4; --real: #b25a00 }
@media (prefers-color-scheme: dark) { :root { --back: #16181d; --text: #e9ebef; --soft: #a4aab6;
  --line: #343842; --bar: #7ea6f5; --real: #f0a95a } }
body { max-width: 54rem; margin: 2rem auto; padding: 0 1rem; background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding: .8rem 0 .3rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-top: 1px solid var(--line) }
th { font-weight: 600 } small, figcaption { color: var(--soft) }
figure { margin: 1rem 0 } img { max-width: 100%; image-rendering: pixelated }
li { overflow-wrap: anywhere } svg { display: block }
"""


def page(
    manifest: Manifest, about: str, sections: dict[str, list[str]], images: dict[str, bytes]
) -> str:
    """The whole file. `sections` are lines of text by heading, `images` PNG bytes by name."""
    title = escape(manifest.title)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{title}</h1><p>{_words(about)}</p>",
        *(_figure(name, images[name]) for name in sorted(images, key=_place)),
        "<h2>Scores</h2>",
        *_scores(manifest.scores),
        *_bias(manifest.scores),
    ]
    for heading, lines in sections.items():
        items = "".join(f"<li>{_words(line)}</li>" for line in lines)
        body = f"<ul>{items}</ul>" if len(lines) > 1 else f"<p>{_words(''.join(lines))}</p>"
        parts.append(f"<h2>{escape(heading)}</h2>{body}")
    digest = f" · weights {manifest.sha256[:16]}" if manifest.sha256 else ""
    made = f"{manifest.id} · {manifest.created_by}{digest}"
    parts.append(f"<p><small>{escape(made)}</small></p></main></body></html>")
    return "\n".join(parts) + "\n"


def _scores(scores: tuple[Score, ...]) -> list[str]:
    if not scores:
        return ["<p>Not measured yet.</p>"]
    parts = []
    for heading, some in in_order(scores):
        rows = "".join(_row(score) for score in some)
        parts.append(
            f"<table><caption>{escape(heading)}</caption><thead><tr>"
            '<th scope="col">Score</th><th scope="col">Value</th>'
            '<th scope="col">95 % interval</th>'
            f'<th scope="col">{real(some)}</th>'
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )
    ways: dict[str, list[str]] = {}
    for _, some in in_order(scores):
        for score in some:
            ways.setdefault(measured(score), []).append(of(score).title)
    lines = [f"{', '.join(titles)}: {way}." for way, titles in ways.items() if way]
    parts.append("".join(f"<p><small>{escape(line)}</small></p>" for line in lines))
    return parts


def _bias(scores: tuple[Score, ...]) -> list[str]:
    """The bias audit as a part of its own, nothing where there was none."""
    found = bias_page.rows(scores)
    if not found:
        return []
    head = "".join(f'<th scope="col">{name}</th>' for name in bias_page.HEADS)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in found
    )
    return [
        f"<h2>Bias audit</h2><p><small>{_words(bias_page.how(scores))}</small></p>",
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
    ]


def _row(score: Score) -> str:
    words = of(score)
    meaning = [words.meaning]
    if score.better:
        meaning.append(f"{BETTER[score.better].capitalize()}.")
    meaning += [f"{detail[:1].upper()}{detail[1:]}." for detail in details(score)]
    known = score.low is not None and score.high is not None
    span = f"{number(score.low)} to {number(score.high)}" if known else ""  # type: ignore[arg-type]
    floor = "" if score.floor is None else number(score.floor)
    value = f"{number(score.value)} {score.unit}".strip()
    return (
        f'<tr><th scope="row">{escape(words.title)}<br><small>{escape(" ".join(meaning))}</small>'
        f"</th><td>{escape(value)}{_bar(score, words.top)}</td><td>{span}</td><td>{floor}</td></tr>"
    )


def _bar(score: Score, top: float | None) -> str:
    """A bar from 0 to the end of the scale, with the interval and a mark for real pictures.

    It repeats the numbers beside it, so that screen readers may skip it.
    """
    if not top:
        return ""

    def at(value: float) -> float:
        return round(100 * min(1.0, max(0.0, value / top)), 1)

    marks = [f'<rect y="4" width="{at(score.value)}" height="6" fill="var(--bar)"/>']
    if score.low is not None and score.high is not None:
        low, high = at(score.low), at(score.high)
        marks.append(
            f'<line x1="{low}" x2="{high}" y1="12" y2="12" stroke="var(--text)" stroke-width="2"/>'
        )
    if score.floor is not None:
        place = at(score.floor)
        marks.append(
            f'<line x1="{place}" x2="{place}" y1="1" y2="13" stroke="var(--real)" '
            'stroke-width="2"/>'
        )
    rail = '<rect y="4" width="100" height="6" fill="var(--line)"/>'
    return f'<svg width="102" height="14" aria-hidden="true">{rail}{"".join(marks)}</svg>'


def _figure(name: str, data: bytes) -> str:
    words = escape(PICTURES.get(name, name))
    source = base64.b64encode(data).decode()
    return (
        f'<figure><img alt="{words}" src="data:image/png;base64,{source}">'
        f"<figcaption>{words}</figcaption></figure>"
    )


def _place(name: str) -> tuple[int, str]:
    known = list(PICTURES)
    return (known.index(name) if name in known else len(known), name)


def _words(text: str) -> str:
    """Plain text of a card: nothing in it is HTML; `code` keeps its marks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace("\n", "<br>")
