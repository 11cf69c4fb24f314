"""Guidance against its formulas."""

import numpy as np
import pytest

from genstudio.numerics import noise
from genstudio.numerics.guidance import guided

ASKED, PLAIN = noise.normals(1, 0, 3, (2, 4, 4)), noise.normals(2, 0, 3, (2, 4, 4))


@pytest.mark.parametrize(("scale", "wanted"), [(1, ASKED), (0, PLAIN), (2, 2 * ASKED - PLAIN)])
def test_scale_moves_along_the_line(scale: float, wanted: np.ndarray) -> None:
    found = guided(ASKED, PLAIN, scale)
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    assert found.dtype == np.float32


def test_rescaled_answers_have_the_spread_of_what_was_asked() -> None:
    found = guided(ASKED, PLAIN, 7.0, 1.0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.std(axis=(1, 2, 3)), ASKED.std(axis=(1, 2, 3)), rtol=1e-5)
    half = guided(ASKED, PLAIN, 7.0, 0.5)
    np.testing.assert_allclose(half, (found + guided(ASKED, PLAIN, 7.0)) / 2, atol=1e-5)


def test_rows_are_rescaled_each_for_itself() -> None:
    many, alone = guided(ASKED, PLAIN, 5.0, 0.7), guided(ASKED[1:2], PLAIN[1:2], 5.0, 0.7)
    np.testing.assert_allclose(many[1:2], alone, atol=1e-6)


def test_an_answer_of_one_number_stays_finite() -> None:
    flat = np.zeros((1, 2, 2), np.float32)
    assert np.array_equal(guided(flat, flat, 3.0, 0.7), flat)
