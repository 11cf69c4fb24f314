"""Rates over the budget."""

import pytest

from genstudio.training.schedule import ema_decay, lr_factor


def test_warm_up_then_cosine_to_the_final_rate():
    assert lr_factor(0.05, 0.1, 0.2) == pytest.approx(0.5)
    assert lr_factor(0.1, 0.1, 0.2) == pytest.approx(1.0)
    assert lr_factor(0.55, 0.1, 0.2) == pytest.approx(0.6)
    assert lr_factor(1.0, 0.1, 0.2) == pytest.approx(0.2)


def test_without_warm_up_and_with_nothing_but_warm_up():
    assert lr_factor(0.0, 0.0, 0.1) == pytest.approx(1.0)
    assert lr_factor(1.0, 1.0, 0.1) == pytest.approx(0.1)
    assert lr_factor(0.5, 1.0, 0.1) == pytest.approx(0.5)


def test_averaging_starts_short():
    assert ema_decay(0, 0.999) == pytest.approx(0.1)
    assert ema_decay(10, 0.999) == pytest.approx(11 / 20)
    assert ema_decay(100_000, 0.999) == 0.999
