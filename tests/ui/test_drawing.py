"""Every widget is drawn in both themes and sharply at 100, 150 and 200 %, without complaints."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget

from genstudio.core.controls import Choice, Float, ImageInput, Int, Seed, Switch, Text
from genstudio.core.errors import Problem
from genstudio.ui.main_window import MainWindow
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.about import About
from genstudio.ui.widgets.advice_list import LEVELS, AdviceList, Said
from genstudio.ui.widgets.animation_player import AnimationPlayer
from genstudio.ui.widgets.badges import BadgeRow
from genstudio.ui.widgets.banner import Banner
from genstudio.ui.widgets.buttons import Button, Pill, PillRow, Select, SureButton
from genstudio.ui.widgets.buttons import Switch as Knob
from genstudio.ui.widgets.chart import Chart, Curve
from genstudio.ui.widgets.compare_view import CompareView
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.error_dialog import ErrorDialog
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.help_sheet import HelpSheet
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.key_sheet import KeySheet
from genstudio.ui.widgets.mask_editor import MaskEditor
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.nav_rail import NavRail
from genstudio.ui.widgets.panel_frame import Panel
from genstudio.ui.widgets.queue_popup import QueuePopup, QueueRow
from genstudio.ui.widgets.result_grid import Cell, ResultGrid
from genstudio.ui.widgets.run_list import Row, RowList
from genstudio.ui.widgets.seed_edit import SeedEdit
from genstudio.ui.widgets.status_line import StatusLine

CONTROLS = (
    Choice(name="a", label="Kind", default="x", options=("x", "y")),
    Choice(name="b", label="Class", default="1", options=tuple("1234567")),
    Int(name="c", label="Count", default=4, low=1, high=9, help="How many"),
    Float(name="d", label="Amount", default=0.5, low=0.0, high=1.0, more=True),
    Text(name="e", label="Words", multiline=True),
    Switch(name="f", label="Loop"),
    Seed(name="g", label="Seed"),
    ImageInput(name="h", label="Picture"),
)


def small() -> QImage:
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    for at in range(16):
        image.setPixelColor(at, at, Qt.GlobalColor.red)
    return image


def _cards() -> ModelCards:
    cards = ModelCards()
    cards.set_models([ModelCard("a", "Avatars", "GAN", small()), ModelCard("b", "Other")])
    return cards


def _grid() -> ResultGrid:
    grid = ResultGrid()
    grid.set_cells([Cell(key="a", image=small(), starred=True, badge="8 frames"), Cell(key="b")])
    grid.select([0])
    return grid


def _mask() -> MaskEditor:
    editor = MaskEditor()
    editor.set_image(small())
    editor.invert()
    return editor


def _player() -> AnimationPlayer:
    player = AnimationPlayer()
    player.set_frames([small(), small()], 8)
    return player


def _compare() -> CompareView:
    view = CompareView()
    view.set_images(small(), small())
    return view


def _view() -> ImageView:
    view = ImageView()
    view.set_image(small())
    return view


def _queue() -> QueuePopup:
    popup = QueuePopup()
    rows = [QueueRow(s, s, s, s, 0.5) for s in ("running", "waiting", "failed", "cancelled")]
    popup.set_rows(rows, paused=True)
    return popup


def _facts() -> FactsView:
    facts = FactsView()
    facts.set_facts([("Seed", "42"), ("Model", "fashion " * 20)])
    return facts


def _status() -> StatusLine:
    line = StatusLine()
    line.set_running("Avatars", 1, 2, "about 4 s left")
    line.set_queue(3, paused=True, failed=1)
    line.device.set_device("CPU · 1 thread", "trouble")
    return line


def _chart() -> Chart:
    chart = Chart("Loss")
    steps = [float(step) for step in range(40)]
    chart.set_curves([Curve("training", steps, [1 / (step + 1) for step in steps])], best=20)
    chart.build()
    return chart


def _film() -> FilmStrip:
    film = FilmStrip("Samples")
    film.set_frames(["step 1", "step 2"])
    sheet = QImage(80, 32, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.blue)
    film.put(1, sheet)
    return film


def _advice() -> AdviceList:
    advice = AdviceList("Nothing yet.")
    advice.set_advice([Said("a", level, "Words.", "step 9", ("Do it",)) for level in LEVELS])
    return advice


def _badges() -> BadgeRow:
    badges = BadgeRow("So far")
    badges.set_badges([("CPU", "Why"), ("9 pictures/s", "")])
    return badges


def _rows() -> RowList:
    rows = RowList("Runs")
    rows.set_rows([Row("a", "0001", "on shapes", "failed", "red", ("step 9",)), Row("b", "0002")])
    rows.put("a", small())
    rows.select(["b"])
    return rows


MAKERS = {
    "about": About,
    "advice": _advice,
    "badges": _badges,
    "chart": _chart,
    "film": _film,
    "rows": _rows,
    "banner": lambda: Banner("Something stays true", "Settings"),
    "button": lambda: Button("Generate", "wand", "primary", "Ctrl ↵"),
    "cards": _cards,
    "compare": _compare,
    "drop zone": lambda: DropZone("Picture", "Drop one"),
    "empty": lambda: EmptyState("image", "Nothing yet", "Words", "Generate"),
    "error": lambda: ErrorDialog(Problem(what="Broken", file="/a", next_step="Go on.")),
    "facts": _facts,
    "fold": lambda: Folded("More", open=True),
    "form": lambda: ControlForm(CONTROLS),
    "grid": _grid,
    "help": lambda: HelpSheet([("Seed", "Where noise comes from")]),
    "image": _view,
    "keys": KeySheet,
    "knob": lambda: Knob("Loop"),
    "mask": _mask,
    "panel": lambda: Panel("Image", "Results"),
    "pill": lambda: Pill("Starred"),
    "pills": lambda: PillRow([("a", "Alpha"), ("b", "Beta")]),
    "player": _player,
    "queue": _queue,
    "rail": lambda: NavRail([("a", "Image", "image"), ("s", "Settings", "settings")]),
    "seed": SeedEdit,
    "select": lambda: Select([("a", "Alpha")]),
    "status": _status,
    "sure": lambda: SureButton("Empty", "Sure?"),
    "window": MainWindow,
}


def grab(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.fixture
def drawn(qtbot):
    def make(name: str) -> QWidget:
        widget = MAKERS[name]()
        widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(widget)
        widget.resize(widget.sizeHint().expandedTo(QSize(320, 60)))
        widget.show()
        return widget

    return make


@pytest.mark.parametrize("name", MAKERS)
def test_drawn_in_both_themes(drawn, qtbot, name):
    widget = drawn(name)
    dark = grab(widget)
    theme().choose("light")
    light = grab(widget)
    assert dark.size() == light.size(), "a theme moves nothing"
    if name != "pill":
        assert dark != light
    theme().choose("dark")
    assert grab(widget) == dark, "and back again"


@pytest.mark.parametrize("name", [n for n in MAKERS if n not in ("about", "keys")])
def test_words_of_buttons_have_room(drawn, name):
    widget = drawn(name)
    for button in widget.findChildren(QPushButton):
        if button.isVisible() and isinstance(button, Button):
            assert button.width() >= button.sizeHint().width(), button.text()


def test_window_at_its_smallest(drawn):
    window = drawn("window")
    window.resize(window.minimumSize())
    assert window.stack.height() > 400
    assert window.status.geometry().bottom() <= window.height()
    assert window.rail.height() == window.height()


def test_ground_of_the_frame(drawn):
    window = drawn("window")
    image = grab(window)
    assert image.pixelColor(600, 300) == color("window")
    assert image.pixelColor(3, 400) == color("panel")
    assert image.pixelColor(600, window.height() - 4) == color("panel")


SCALED = """
import sys
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from genstudio.ui.app import make_application
app = make_application(["x"])
from genstudio.ui.theme import theme
theme().choose("dark")
from genstudio.ui.widgets.nav_rail import NavRail
from genstudio.ui.widgets.result_grid import Cell, ResultGrid
rail = NavRail([("a", "Image", "image"), ("s", "Settings", "settings")])
rail.resize(76, 300); rail.show()
grab = rail.grab()
print(grab.devicePixelRatio(), grab.width(), grab.height())
image = QImage(8, 8, QImage.Format.Format_RGB32); image.fill(0)
grid = ResultGrid(); grid.resize(400, 300); grid.set_cells([Cell(key="a", image=image)])
grid.show(); grid.grab()
kept = next(iter(grid._delegate._kept.values()))
print(kept.width() == round((grid.cell_side() - 10) * grab.devicePixelRatio()))
"""


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_sharp_at_every_scale(scale, monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    done = subprocess.run(
        [sys.executable, "-c", SCALED], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split("\n")[:2]
    ratio, width, _height = first.split()
    assert float(ratio) == float(scale)
    assert int(width) == round(76 * float(scale))
    assert second == "True"
