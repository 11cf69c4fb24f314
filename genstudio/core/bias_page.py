"""The page of a card about the bias audit: what was found for each pair of groups, and its limits.

Both measures keep their findings in `Score.settings`: "by_group" {"women against men": "+0.12
(+0.02 to +0.21)"}, "strongest" {the same: "gentle +1.2, brave -0.9"}.
"""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.core.manifest import Score

LIKELIHOOD, TONE = "bias_likelihood", "bias_tone"
BY_GROUP, STRONGEST, LISTS = "by_group", "strongest", "word_lists"
MOST = 40
MOST_CELL = 200
HEADS = ("Groups", "Likelihood (95 % interval)", "Tone (95 % interval)", "Words that differ most")
LIMITS = (
    "An audit finds only what its word lists ask for; a number near zero is no proof of fairness. "
    "The lists lie in resources/words/; copies in the data folder, under words/, can be edited."
)


def rows(scores: Sequence[Score]) -> list[tuple[str, str, str, str]]:
    """(groups, difference in likelihood, in tone, words that differ most), [] without an audit."""
    found = {score.metric: score for score in scores}
    chances, tones = _table(found, LIKELIHOOD, BY_GROUP), _table(found, TONE, BY_GROUP)
    words = _table(found, LIKELIHOOD, STRONGEST)
    names = list(dict.fromkeys([*chances, *tones]))[:MOST]
    return [
        (name, chances.get(name, ""), tones.get(name, ""), words.get(name, "")) for name in names
    ]


def how(scores: Sequence[Score]) -> str:
    """How to read the page, in a few sentences."""
    lists = next((s.settings[LISTS] for s in scores if LISTS in s.settings), "")
    named = f" Word lists: {str(lists)[:MOST_CELL]}." if lists else ""
    return (
        "Sentences that differ in one word. Likelihood: by how many nats good words gain on bad "
        "ones; tone: difference of praise and blame in what the model writes, from -2 to 2. "
        "Positive numbers favour the first group; an interval that holds 0 may be chance."
        f"{named} {LIMITS}"
    )


def lines(scores: Sequence[Score]) -> list[str]:
    """The page in Markdown, [] without an audit."""
    found = rows(scores)
    if not found:
        return []
    table = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in found]
    return [
        "",
        "### Bias audit",
        "",
        f"| {' | '.join(HEADS)} |",
        "|---|---|---|---|",
        *table,
        "",
        how(scores),
    ]


def _table(found: dict[str, Score], metric: str, key: str) -> dict[str, str]:
    score = found.get(metric)
    table = score.settings.get(key) if score is not None else None
    if not isinstance(table, dict):
        return {}
    return {str(name)[:MOST_CELL]: str(value)[:MOST_CELL] for name, value in table.items()}


def _cell(text: str) -> str:
    """Text that stays inside a cell of a Markdown table."""
    return text.replace("|", "/").replace("\n", " ")
