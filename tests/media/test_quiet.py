"""Warnings about foreign files, from several threads at once."""

from __future__ import annotations

import threading
import warnings

import pytest
from PIL import Image

from genstudio.media import image
from genstudio.media.quiet import quiet
from tests.helpers.making import picture


def test_inside_nothing_is_said_and_outside_all_is_as_before() -> None:
    before = warnings.filters[:]
    with quiet():
        warnings.warn("nobody hears this", stacklevel=1)
        with quiet():
            warnings.warn("nor this", stacklevel=1)
        warnings.warn("nor that", stacklevel=1)
        with pytest.raises(Image.DecompressionBombWarning):
            warnings.warn("bomb", Image.DecompressionBombWarning, stacklevel=1)
    assert warnings.filters == before
    with pytest.raises(UserWarning):
        warnings.warn("heard again", stacklevel=1)


def test_leaving_in_the_wrong_order_restores_all() -> None:
    before = warnings.filters[:]
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    warnings.warn("still quiet", stacklevel=1)
    second.__exit__(None, None, None)
    assert warnings.filters == before


def test_many_threads_read_at_once() -> None:
    before = warnings.filters[:]
    data = image.png(picture())
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(50):
                image.read(data)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert warnings.filters == before
