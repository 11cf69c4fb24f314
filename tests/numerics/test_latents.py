"""Ways through latent space."""

import numpy as np
import pytest

from genstudio.numerics import latents, noise

A = np.array([1.0, 0.0, 0.0], np.float32)
B = np.array([0.0, 1.0, 0.0], np.float32)


def test_lerp_and_slerp_meet_their_ends() -> None:
    for way in (latents.lerp, latents.slerp):
        np.testing.assert_allclose(way(A, B, 0.0), A, atol=1e-7)
        np.testing.assert_allclose(way(A, B, 1.0), B, atol=1e-7)
        assert way(A, B, 0.5).dtype == np.float32


def test_slerp_follows_the_circle() -> None:
    middle = latents.slerp(A, B, 0.5)
    np.testing.assert_allclose(middle, [0.5**0.5, 0.5**0.5, 0], atol=1e-6)
    third = latents.slerp(A, B, 1 / 3)
    np.testing.assert_allclose(third, [np.cos(np.pi / 6), np.sin(np.pi / 6), 0], atol=1e-6)


def test_slerp_keeps_the_length_of_gaussian_vectors() -> None:
    a, b = noise.normals(1, 0, 2, (512,))
    on_arc = np.linalg.norm(latents.slerp(a, b, 0.5))
    on_line = np.linalg.norm(latents.lerp(a, b, 0.5))
    assert on_line < 0.8 * np.linalg.norm(a)
    assert abs(on_arc / np.linalg.norm(a) - 1) < 0.15


@pytest.mark.parametrize("b", [A, -A, np.zeros(3, np.float32), 2 * A])
def test_slerp_goes_straight_where_there_is_no_arc(b: np.ndarray) -> None:
    found = latents.slerp(A, b, 0.25)
    np.testing.assert_allclose(found, latents.lerp(A, b, 0.25), atol=1e-6)
    assert np.isfinite(found).all()


def test_slerp_works_row_by_row() -> None:
    a, b = noise.normals(1, 0, 4, (8,)), noise.normals(2, 0, 4, (8,))
    t = np.linspace(0, 1, 4)[:, None]
    together = latents.slerp(a, b, t)
    for i in range(4):
        np.testing.assert_allclose(together[i], latents.slerp(a[i], b[i], t[i, 0]), atol=1e-6)


def test_truncation_pulls_to_the_centre() -> None:
    z = noise.normal(1, 0, (16,))
    np.testing.assert_array_equal(latents.truncate(z, 1.0), z)
    np.testing.assert_array_equal(latents.truncate(z, 0.0), np.zeros(16, np.float32))
    np.testing.assert_allclose(latents.truncate(z, 0.5, 2.0), 1 + 0.5 * z, rtol=1e-6)
    assert latents.truncate(z, 0.3).dtype == np.float32


@pytest.mark.parametrize("method", ["slerp", "lerp"])
def test_a_walk_passes_its_points(method: latents.Method) -> None:
    points = noise.normals(4, 0, 3, (6,))
    path = latents.walk(points, 9, method=method)
    assert path.shape == (9, 6)
    np.testing.assert_allclose(path[[0, 4, 8]], points, atol=1e-6)


def test_a_loop_leaves_the_repeated_frame_out() -> None:
    points = noise.normals(4, 0, 4, (6,))
    path = latents.walk(points, 16, loop=True, method="lerp")
    np.testing.assert_allclose(path[[0, 4, 8, 12]], points, atol=1e-6)
    np.testing.assert_allclose(path[15], latents.lerp(points[3], points[0], 0.75), atol=1e-6)


def test_steps_of_a_straight_walk_are_even() -> None:
    points = np.array([[0.0], [1.0], [2.0]], np.float32)
    path = latents.walk(points, 21, method="lerp")[:, 0]
    np.testing.assert_allclose(np.diff(path), 0.1, atol=1e-6)


def test_one_point_stands_still_and_one_frame_is_the_start() -> None:
    point = noise.normals(1, 0, 1, (4,))
    np.testing.assert_allclose(latents.walk(point, 5), np.repeat(point, 5, axis=0), atol=1e-6)
    points = noise.normals(1, 0, 3, (4,))
    np.testing.assert_allclose(latents.walk(points, 1)[0], points[0], atol=1e-6)


def test_more_stops_than_frames_is_fine() -> None:
    points = noise.normals(1, 0, 16, (4,))
    assert np.isfinite(latents.walk(points, 2, loop=True)).all()


@pytest.mark.parametrize(("stops", "frames"), [(0, 5), (2, 0)])
def test_an_empty_walk_is_refused(stops: int, frames: int) -> None:
    with pytest.raises(ValueError, match="a walk needs"):
        latents.walk(np.zeros((stops, 4), np.float32), frames)
