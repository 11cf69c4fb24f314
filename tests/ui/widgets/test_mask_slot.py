"""The place of a mask says whether one is set and how much of the picture it covers."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.core.controls import ImageInput, MaskInput
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.mask_layer import covered
from genstudio.ui.widgets.mask_slot import EMPTY, SET, MaskSlot
from genstudio.ui.widgets.panel_frame import ASK_WIDTH


def mask(share: float, side: int = 64) -> QImage:
    """White from the left over `share` of the width."""
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.fillRect(0, 0, round(share * side), side, QColor("white"))
    painter.end()
    return image


@pytest.fixture
def slot(qtbot) -> MaskSlot:
    made = MaskSlot("Which part")
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show()
    return made


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_how_much_is_painted(share):
    assert covered(mask(share)) == pytest.approx(share, abs=0.02)
    assert covered(QImage()) == 0.0


def test_an_empty_slot_asks_for_painting(slot, heard):
    said = heard(slot.painted)
    assert slot.paint.text() == EMPTY
    assert slot.paint.toolTip() == "Which part"
    assert not slot.remove.isVisible()
    assert not slot.thumb.isVisible()
    assert slot.path() == ""
    slot.paint.click()
    assert len(said) == 1


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.25, "25 % of"), (1.0, "100 % of"), (0.0, "0 % of"), (1 / 256, "under 1 % of")],
)
def test_a_mask_that_is_set_is_seen(slot, share, words):
    slot.set_file("/x/mask.png")
    assert slot.words.text() == "A mask is set."
    slot.set_file("/x/mask.png", mask(share, 256))
    assert slot.paint.text() == SET
    assert slot.paint.accessibleDescription().startswith(words)
    assert slot.words.isVisible()
    assert slot.thumb.isVisible()
    assert slot.path() == "/x/mask.png"


def test_the_small_picture_shows_the_painted_part_in_both_themes(slot):
    slot.set_file("/x/mask.png", mask(0.5))
    for name in ("dark", "light"):
        theme().choose(name)
        drawn = slot.thumb.grab().toImage()
        assert drawn.pixelColor(8, 19) == color("accent")
        assert drawn.pixelColor(30, 19) == color("raised")


def test_it_can_be_taken_away(slot, heard):
    said = heard(slot.removed)
    slot.set_file("/x/mask.png", mask(0.5))
    slot.remove.click()
    assert len(said) == 1
    slot.clear()
    assert slot.paint.text() == EMPTY
    assert slot.path() == ""
    assert not slot.remove.isVisible()
    assert slot.paint.accessibleDescription() == "No mask is set"


def test_a_form_keeps_masks_with_its_other_inputs(qtbot, heard):
    form = ControlForm(
        [
            ImageInput(name="image", label="Picture"),
            MaskInput(name="mask", label="Part"),
        ]
    )
    qtbot.addWidget(form)
    said = heard(form.input_changed)
    form.set_input("mask", "/x/mask.png", mask(0.5))
    assert form.inputs() == {"mask": "/x/mask.png"}
    form.findChild(MaskSlot).remove.click()
    assert said == [("mask", "")]
    form.clear_input("mask")
    assert form.inputs() == {}
    with pytest.raises(KeyError):
        form.field("mask")  # pointing at it opens the painting instead


def test_it_fits_into_the_asking_column(slot):
    slot.set_file("/x/mask.png", mask(0.5))
    assert slot.minimumSizeHint().width() <= ASK_WIDTH - 2 * 16 - 12
