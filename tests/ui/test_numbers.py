"""Measured numbers with as many digits as count."""

from __future__ import annotations

import pytest

from genstudio.ui.numbers import short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.3021, "0.302"),
        (-0.3021, "-0.302"),
        (0.0000123, "1.2e-05"),
        (1, "1.00"),
        (0.9996, "1.00"),
        (9.996, "10.0"),
        (12.44, "12.4"),
        (99.96, "100"),
        (-228.4, "-228"),
        (12345.6, "12,346"),
    ],
)
def test_three_digits_count(value, text):
    assert short(value) == text
