"""What of a picture is left at a strength."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QImage

from genstudio.core.controls import Float, ImageInput
from genstudio.numerics.schedules import alphas_cumprod
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.start_preview import SIDE, StartPreview, noised, signal_left, words_for
from genstudio.ui.widgets.strength_edit import StrengthEdit

STRENGTH = Float(name="strength", label="Strength", default=0.6, low=0.0, high=1.0, role="noise")


def spread(image: QImage) -> float:
    """Standard deviation of the red values."""
    values = [image.pixelColor(x, y).red() for y in range(0, SIDE, 4) for x in range(SIDE)]
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_the_signal_fades_as_in_the_models_schedule(schedule):
    kept = alphas_cumprod(schedule)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        wanted = math.sqrt(kept[round(share * 1000) - 1])
        assert signal_left(share, schedule) == pytest.approx(wanted, abs=0.02)


def test_the_ends_are_the_picture_and_noise():
    assert signal_left(-1) == signal_left(0) == 1.0
    assert signal_left(1) == pytest.approx(0, abs=1e-9)
    assert signal_left(0.5, "unheard of") == signal_left(0.5, "cosine")


def test_a_picture_drowns_in_noise(picture):
    flat = picture(SIDE, "#804020")
    assert noised(flat, 0.0).pixelColor(3, 3) == QColor("#804020")
    spreads = [spread(noised(flat, share)) for share in (0.1, 0.4, 0.9)]
    assert spreads == sorted(spreads)
    assert spreads[0] < 25 < 60 < spreads[-1]


def test_the_noise_does_not_flicker_while_one_drags(picture):
    one, other = noised(picture(), 0.5), noised(picture(), 0.5)
    assert one == other


def test_a_wide_picture_is_cut_to_the_square_that_models_take():
    wide = QImage(200, 50, QImage.Format.Format_RGB32)
    wide.fill(QColor("#ff0000"))
    for x in range(75, 125):
        for y in range(50):
            wide.setPixelColor(x, y, QColor("#0000ff"))
    made = noised(wide, 0.0)
    assert made.size().toTuple() == (SIDE, SIDE)
    assert made.pixelColor(1, 30) == QColor("#0000ff")


def test_words_go_with_the_strength():
    said = [words_for(share / 10) for share in range(11)]
    assert said[0].startswith("Almost")
    assert said[10].startswith("Nothing")
    assert len(set(said)) == 5


def test_it_shows_itself_only_with_a_picture(qtbot, picture):
    edit = StrengthEdit(STRENGTH)
    qtbot.addWidget(edit)
    edit.show()
    preview = edit.preview
    assert not preview.isVisible()
    edit.set_picture(picture())
    assert preview.isVisible()
    assert not preview.grab().isNull()
    edit.set_picture(QImage())
    assert not preview.isVisible()


def test_a_preview_alone_does_not_become_a_window(qtbot, picture):
    preview = StartPreview()
    qtbot.addWidget(preview)
    preview.set_picture(picture())
    assert not preview.isVisible()


def test_it_follows_the_number_and_the_schedule(qtbot, picture, heard):
    edit = StrengthEdit(STRENGTH)
    qtbot.addWidget(edit)
    changes = heard(edit.changed)
    edit.set_picture(picture())
    looks = [edit.preview.start()]
    edit.number.box.setValue(0.2)
    assert changes == [(0.2, False)]
    looks.append(edit.preview.start())
    edit.set_schedule("linear")
    looks.append(edit.preview.start())
    edit.set_value(0.95)
    looks.append(edit.preview.start())
    assert edit.value() == 0.95
    assert all(one != other for one, other in pairwise(looks))
    assert edit.preview.accessibleDescription() == words_for(0.95)


def test_a_form_shows_it_below_the_strength_of_its_first_picture(qtbot, picture, heard):
    plain = STRENGTH.model_copy(update={"name": "plain", "role": ""})
    pictures = [ImageInput(name=name, label=name) for name in ("image", "other")]
    form = ControlForm([*pictures, STRENGTH, plain])
    qtbot.addWidget(form)
    (edit,) = form.findChildren(StrengthEdit)
    form.set_input("other", "/x/b.png", picture())
    assert edit.preview.start() is None
    form.set_input("image", "/x/a.png", picture())
    first = edit.preview.start()
    form.set_schedule("linear")
    assert edit.preview.start() != first
    form.set_values({"strength": 0.1})
    assert form.values() == {"strength": 0.1, "plain": 0.6}
    said = heard(form.changed)
    edit.number.box.setValue(0.3)
    assert said == [("strength", 0.3, False)]
    form.clear_input("image")
    assert edit.preview.start() is None
