"""Heat maps."""

import numpy as np

from genstudio.numerics import colours


def test_heat_gets_lighter_all_the_way() -> None:
    shades = colours.heat(np.linspace(0, 1, 50))
    assert shades.shape == (50, 3)
    assert shades.dtype == np.uint8
    light = shades.astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > 0).all()


def test_numbers_outside_are_clipped() -> None:
    found = colours.heat(np.array([-5.0, 0.0, 1.0, 7.0]))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[2], found[3])


def test_overlay_shows_the_picture_where_nothing_is_unusual() -> None:
    picture = np.full((4, 4, 3), 90, np.uint8)
    values = np.zeros((4, 4))
    values[0, 0] = 1.0
    found = colours.overlay(picture, values, 1.0)
    assert found.shape == (4, 4, 3)
    np.testing.assert_array_equal(found[2, 2], [90, 90, 90])
    np.testing.assert_array_equal(found[0, 0], colours.heat(np.array(1.0)))


def test_no_opacity_is_the_picture_in_grey() -> None:
    picture = np.arange(16, dtype=np.uint8).reshape(4, 4, 1)
    found = colours.overlay(picture, np.ones((4, 4)), 0.0)
    np.testing.assert_array_equal(found, np.repeat(picture, 3, axis=2))
