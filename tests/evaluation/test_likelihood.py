"""Perplexity and bits per character of a model whose probabilities are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genstudio.evaluation import intervals, likelihood
from genstudio.evaluation.likelihood import costs, log_softmax, row_costs, told
from genstudio.evaluation.text_pieces import Piece
from tests.evaluation import lettered
from tests.evaluation.lettered import TALE, Letters


@pytest.fixture(scope="module")
def material() -> lettered.TextMaterial:
    return lettered.material(context=16)


def wanted(model: Letters, row: list[int]) -> np.ndarray:
    return -model.table[row[:-1], row[1:]]


def test_log_softmax_sums_to_one_and_bears_large_numbers() -> None:
    logits = np.array([[1000.0, 1001.0, 999.0], [0.0, 0.0, 0.0]], np.float32)
    found = log_softmax(logits)
    assert np.exp(found).sum(axis=1) == pytest.approx([1, 1])
    assert found[1].tolist() == pytest.approx([-math.log(3)] * 3)


@pytest.mark.parametrize("size", [2, 3, 15, 16, 17, 40, 200])
def test_costs_are_those_of_each_token_however_long_the_text(material, size: int) -> None:
    row = material.tokenizer.encode((TALE * 3)[:size])
    found = costs(material.stepper, row)
    assert found.tolist() == pytest.approx(wanted(material.stepper, row).tolist(), abs=1e-4)


def test_windows_keep_half_of_themselves_before_each_token(material) -> None:
    row = material.tokenizer.encode(TALE)
    material.stepper.sizes.clear()
    costs(material.stepper, row)
    sizes = [shape[1] for shape in material.stepper.sizes]
    assert max(sizes) == 16
    # The first window tells 15 tokens, each later one 8 new ones.
    assert len(sizes) == 1 + math.ceil((len(row) - 16) / 8)


def test_the_kind_stands_first_in_every_window(material) -> None:
    row = material.tokenizer.encode(TALE)
    kind = material.lead("tales")
    seen: list[int] = []

    class Spy(Letters):
        def begin(self, tokens: np.ndarray) -> np.ndarray:
            seen.append(int(tokens[0, 0]))
            return super().begin(tokens)

    spy = Spy(material.tokenizer, TALE, 16)
    costs(spy, row, kind)
    assert len(seen) > 2
    assert set(seen) == {kind}


def test_rows_of_different_length_are_told_side_by_side(material) -> None:
    rows = [material.tokenizer.encode(TALE[:n]) for n in (9, 2, 16, 5, 5)]
    for batch in (1, 2, 16):
        found = row_costs(material.stepper, rows, batch)
        for cost, row in zip(found, rows, strict=True):
            assert cost.tolist() == pytest.approx(wanted(material.stepper, row).tolist(), abs=1e-4)


def test_sums_of_pieces(material) -> None:
    row = tuple(material.tokenizer.encode("a king who"))
    found = told(material.stepper, [Piece(row, None, 9), Piece(row[:5], None, 4)])
    assert found.tokens.tolist() == [9, 4]
    assert found.characters.tolist() == [9, 4]
    assert found.nats[0] == pytest.approx(wanted(material.stepper, list(row)).sum(), abs=1e-4)


def test_perplexity_and_bits_fit_each_other_and_the_table(material) -> None:
    (perplexity,) = likelihood.perplexity(material)
    (bits,) = likelihood.bits_per_character(material)
    nats = math.log(perplexity.value) * perplexity.samples
    assert bits.samples == len(material.pieces)
    assert bits.settings["left_out"] == 0
    characters = bits.settings["characters"]
    assert bits.value == pytest.approx(nats / math.log(2) / characters, rel=1e-3)
    assert perplexity.settings["loss"] == pytest.approx(math.log(perplexity.value), abs=1e-3)
    assert perplexity.settings["tokenizer"] == material.tokens_in_words()
    assert perplexity.low < perplexity.value < perplexity.high
    assert "values" not in bits.settings
    assert bits.unit == "bits"


def test_a_single_piece_has_an_interval_of_no_width(material) -> None:
    assert intervals.of_ratio(np.array([6.0]), np.array([2])) == (3.0, 3.0, 3.0)
