"""Noise: keyed, standard normal, and the same for ever."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from genstudio.numerics import noise


def test_a_seed_stays_good_for_ever() -> None:
    # Written down once: if these change, every seed a user noted gives another picture.
    found = noise.normal(42, 7, (4,))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [0.53810465, 0.56862831, 0.29574344, -0.21081507], atol=1e-6)
    assert int(noise.bits(42, 7, 1)[0]) == 3169299812854106338
    assert [noise.choice(42, i, 10) for i in range(8)] == [5, 6, 1, 1, 3, 0, 1, 5]


def test_an_item_alone_equals_the_item_of_a_batch() -> None:
    many = noise.normals(3, 0, 12, (5, 4))
    assert many.shape == (12, 5, 4)
    np.testing.assert_array_equal(many[7], noise.normal(3, 7, (5, 4)))
    np.testing.assert_array_equal(many[7:9], noise.normals(3, 7, 2, (5, 4)))


@pytest.mark.parametrize(("seed", "index", "stream"), [(4, 7, 0), (3, 8, 0), (3, 7, 1)])
def test_every_key_gives_other_numbers(seed: int, index: int, stream: int) -> None:
    base = noise.normal(3, 7, (64,))
    other = noise.normal(seed, index, (64,), stream)
    assert abs(np.corrcoef(base, other)[0, 1]) < 0.5
    assert not np.isclose(base, other).any()


def test_neighbouring_items_do_not_share_numbers() -> None:
    # The index sits in the high word of the counter, so long items cannot run into each other.
    long = noise.bits(1, 0, 4096)
    following = noise.bits(1, 1, 4096)
    assert not set(long.tolist()) & set(following.tolist())


def test_threads_do_not_disturb_each_other() -> None:
    wanted = [noise.normal(2, i, (300,)) for i in range(60)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda i: noise.normal(2, i, (300,)), range(60)))
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_bits_are_those_of_numpys_philox() -> None:
    plain = np.random.Philox(key=[9, 4], counter=[0, 0, 5, 0]).random_raw(50)
    np.testing.assert_array_equal(noise.bits(9, 5, 50, stream=4), plain)


def test_noise_is_standard_normal() -> None:
    values = noise.normals(0, 0, 400, (250,)).ravel().astype(np.float64)
    assert abs(values.mean()) < 0.015
    assert abs(values.std() - 1) < 0.01
    assert abs((values**3).mean()) < 0.05
    assert abs((values**4).mean() - 3) < 0.1
    assert np.isfinite(values).all()


def test_first_and_second_half_are_independent() -> None:
    values = noise.normals(9, 0, 4000, (2,))
    assert abs(np.corrcoef(values.T)[0, 1]) < 0.06


def test_uniform_stays_below_one_and_is_even() -> None:
    values = noise.uniform(5, 0, (10_000,))
    assert values.min() >= 0
    assert values.max() < 1
    counts, _ = np.histogram(values, bins=10, range=(0, 1))
    assert counts.min() > 850


def test_odd_and_empty_shapes() -> None:
    assert noise.normal(1, 1, (3, 5)).shape == (3, 5)
    assert noise.normal(1, 1, ()).shape == ()
    assert noise.normal(1, 1, (0,)).shape == (0,)
    assert noise.normals(1, 1, 0, (4,)).shape == (0, 4)


def test_choice_covers_all_and_refuses_nothing() -> None:
    drawn = [noise.choice(1, i, 5) for i in range(200)]
    assert set(drawn) == set(range(5))
    assert min(drawn.count(k) for k in range(5)) > 20
    with pytest.raises(ValueError, match="among 0"):
        noise.choice(1, 0, 0)


def test_largest_seed_works() -> None:
    assert np.isfinite(noise.normal(2**32 - 1, 1_000_000, (8,))).all()
