"""The window's tests run in the program's own dress: font, style, theme, focus rings."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtGui import QColor, QImage

from genstudio.ui.theme import theme


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application as the program dresses it."""
    from genstudio.ui.app import dress

    dress(qapp)
    theme().choose("dark")
    # Each test ends with a search for leaks among all objects: what is here now stays anyway.
    gc.collect()
    gc.freeze()
    return qapp


@pytest.fixture(autouse=True)
def fresh_look(qapp):
    """Each test starts dark, still, with the keys as delivered."""
    from genstudio.ui.shortcuts import shortcuts

    theme().choose("dark")
    theme().set_still(True)
    shortcuts().reset()
    yield
    shortcuts().reset()


@pytest.fixture
def picture():
    """`picture(side, colour)`: a small picture with a dot, so that it is not one colour."""

    def make(side: int = 16, colour: str = "#336699") -> QImage:
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        image.setPixelColor(side // 2, side // 2, QColor("#ffffff"))
        return image

    return make


@pytest.fixture
def heard():
    """`heard(signal)` gives a list that grows with what the signal says."""

    def listen(signal) -> list:
        said: list = []
        signal.connect(lambda *words: said.append(words[0] if len(words) == 1 else words))
        return said

    return listen
