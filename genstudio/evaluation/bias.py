"""Bias audit: are two groups of people written about alike? Sentences that differ in one word.

By likelihood: how much likelier good words than bad ones become behind "The woman was" compared
with "The man was" (log-probabilities of the shared words, as CrowS-Pairs does: Nangia, Vania,
Bhalerao, Bowman 2020, section 3; contrast of good and bad words: Caliskan, Bryson, Narayanan 2017).
By tone: how continuations of the same openings differ in words of praise and blame, drawn with the
same noise (Sheng, Chang, Natarajan, Peng 2019). What the lists do not ask, the audit cannot see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.evaluation import sentiment, text_writing
from genstudio.evaluation.likelihood import row_costs
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial
from genstudio.evaluation.word_lists import WHAT, WHO, Group, WordLists

DRAWS = 2000
"""Bootstrap samples."""
DRAFTS = 2
"""Continuations of each opening."""
WORDS = 20
"""Words of a continuation, about."""
MOST_WORDS_TOLD = 5
LEAST_TOLD = 0.05


@dataclass(frozen=True)
class Difference:
    """What was found between the two groups of a pair of groups.

    `cells` (pairs, sentences): positive favours the first group. `mean` with its 95 % interval;
    `chance` is the size that the mean would have if groups were swapped at random.
    """

    group: Group
    cells: np.ndarray
    mean: float
    low: float
    high: float
    chance: float


def difference(group: Group, cells: np.ndarray, seed: int) -> Difference:
    """Mean of the cells with a bootstrap over pairs of words: sentences of a pair are not
    independent (cluster bootstrap; Cameron, Gelbach, Miller 2008)."""
    rng = np.random.default_rng([seed, cells.size])
    by_pair = cells.mean(axis=1)
    rows = rng.integers(0, len(by_pair), (DRAWS, len(by_pair)))
    means = by_pair[rows].mean(axis=1)
    signs = rng.choice([-1.0, 1.0], (DRAWS, len(by_pair)))
    low, high = np.percentile(means, [2.5, 97.5])
    chance = np.abs((signs * by_pair).mean(axis=1)).mean()
    return Difference(group, cells, float(by_pair.mean()), float(low), float(high), float(chance))


def favour(
    lists: WordLists, group: Group, costs_of: Callable[[list[tuple[str, str]]], np.ndarray]
) -> tuple[np.ndarray, dict[str, float]]:
    """(cells (pairs, statements) in nats, difference of each word).

    `costs_of` gives -ln p of the second text behind the first, for many (first, second).
    A cell is the mean over good words of ln p(word | one) - ln p(word | other), less the same of
    bad words.
    """
    bias = lists.bias
    told = [*bias.good, *bias.bad]
    asked = [
        (statement.replace(WHO, who).replace(WHAT, "").rstrip(), f" {word}")
        for pair in group.pairs
        for statement in bias.statements
        for word in told
        for who in pair
    ]
    shape = (len(group.pairs), len(bias.statements), len(told), 2)
    logs = -costs_of(asked).reshape(shape)
    gaps = logs[..., 0] - logs[..., 1]  # (pairs, statements, words)
    good = len(bias.good)
    cells = gaps[..., :good].mean(axis=2) - gaps[..., good:].mean(axis=2)
    by_word = gaps.mean(axis=(0, 1))
    return cells, dict(zip(told, by_word.tolist(), strict=True))


def costs_of(material: TextMaterial) -> Callable[[list[tuple[str, str]]], np.ndarray]:
    """-ln p of texts behind others by the model of `material`, summed over their tokens."""
    tokenizer, lead = material.tokenizer, material.lead()

    def measured(asked: list[tuple[str, str]]) -> np.ndarray:
        tails = [tokenizer.encode(second) for _, second in asked]
        rows = [
            [lead, *tokenizer.encode(first), *tail]
            for (first, _), tail in zip(asked, tails, strict=True)
        ]
        stepper = material.needed_stepper()
        rows = [row[-stepper.context :] for row in rows]
        found = row_costs(stepper, rows)
        return np.array(
            [float(cost[len(cost) - len(t) :].sum()) for cost, t in zip(found, tails, strict=True)]
        )

    return measured


@metric(
    "bias_likelihood",
    "Bias in likelihood",
    "How much likelier praise than blame is of one group of people than of another, in nats.",
    "word lists",
)
def bias_likelihood(material: TextMaterial) -> list[Score]:
    """Mean size of the differences over pairs of groups; each stands in the settings."""
    lists = _lists(material)
    measure = costs_of(material)
    found: list[Difference] = []
    strongest: dict[str, Json] = {}
    for group in lists.bias.groups:
        cells, by_word = favour(lists, group, measure)
        found.append(difference(group, cells, material.seed))
        strongest[_name(group)] = _strongest(group, by_word)
    text = "Mean size of the difference in log-likelihood of good against bad words (nats)"
    return [_score(material, "bias_likelihood", found, "nats", text, {"strongest": strongest})]


@metric(
    "bias_tone",
    "Bias in tone",
    "How much better the model speaks of one group of people than of another, by a word list.",
    "word lists",
)
def bias_tone(material: TextMaterial) -> list[Score]:
    """Mean size of the differences in tone (-1 to 1) of what follows the same openings."""
    lists = _lists(material)
    found = [difference(g, _toned(material, lists, g), material.seed) for g in lists.bias.groups]
    text = "Mean size of the difference in tone of continuations, by a list of words (-1 to 1)"
    return [_score(material, "bias_tone", found, "", text, {"drafts": DRAFTS})]


def _toned(material: TextMaterial, lists: WordLists, group: Group) -> np.ndarray:
    """Cells (pairs, openings): tone of one less tone of the other, with the same noise."""
    tokenizer, opened = material.tokenizer, lists.bias.openings
    prompts, places = [], []
    for pair in group.pairs:
        for number, opening in enumerate(opened):
            for who in pair:
                ids = [material.lead(), *tokenizer.encode(opening.replace(WHO, who))]
                prompts += [ids] * DRAFTS
                places += [number * DRAFTS + draft for draft in range(DRAFTS)]
    length = max(8, material.length * WORDS // 80)
    texts = [""] * len(prompts)
    stream = text_writing.written(
        material.needed_stepper(),
        tokenizer,
        prompts,
        length,
        material.settings,
        material.seed,
        places,
    )
    for number, text in stream:
        texts[number] = text
    shape = (len(group.pairs), len(opened), 2, DRAFTS)
    tones = sentiment.tones(texts, lists.sentiment).reshape(shape).mean(axis=3)
    return tones[..., 0] - tones[..., 1]


def _score(
    material: TextMaterial,
    name: str,
    found: Sequence[Difference],
    unit: str,
    text: str,
    more: dict[str, Json],
) -> Score:
    lists = _lists(material)
    value = float(np.mean([abs(one.mean) for one in found]))
    low, high = _interval(found, material.seed)
    return material.score(
        name,
        value,
        sum(one.cells.size for one in found),
        low=min(low, value),
        high=max(high, value),
        floor=float(np.mean([one.chance for one in found])),
        unit=unit,
        better="lower",
        counted="pairs of sentences",
        wrote=unit == "",
        help=text,
        settings={
            "by_group": {_name(one.group): _told(one) for one in found},
            "floor": "chance",
            "words_sha256": lists.sha256,
            "word_lists": "own" if lists.own else f"GenStudio, {lists.bias.language}",
            **more,
        },
    )


def _interval(found: Sequence[Difference], seed: int) -> tuple[float, float]:
    """95 % interval of the mean size over groups, by bootstrap over pairs."""
    rng = np.random.default_rng([seed, len(found)])
    sizes = np.zeros(DRAWS)
    for one in found:
        by_pair = one.cells.mean(axis=1)
        rows = rng.integers(0, len(by_pair), (DRAWS, len(by_pair)))
        sizes += np.abs(by_pair[rows].mean(axis=1)) / len(found)
    low, high = np.percentile(sizes, [2.5, 97.5])
    return float(low), float(high)


def _told(one: Difference) -> str:
    """ "+0.12 (0.02 to 0.21)": positive is better for the first group."""
    mean, low, high = (round(value, 3) + 0.0 for value in (one.mean, one.low, one.high))
    return f"{mean:+.3f} ({low:+.3f} to {high:+.3f})"


def _name(group: Group) -> str:
    return f"{group.one} against {group.other}"


def _strongest(group: Group, by_word: dict[str, float]) -> str:
    """The words that differ most: "gentle +1.2, brave -0.9" (+ likelier of the first group)."""
    ranked = sorted(by_word.items(), key=lambda item: -abs(item[1]))[:MOST_WORDS_TOLD]
    return ", ".join(f"{word} {gap:+.1f}" for word, gap in ranked if abs(gap) >= LEAST_TOLD)


def _lists(material: TextMaterial) -> WordLists:
    assert material.lists is not None, "asked for by registry.Metric.needs"
    return material.lists
