"""A model is evaluated, compared, renamed and its card exported: real window, real workers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.core import evaluations
from genstudio.ui.app import Application

LONG = 90_000


@pytest.fixture
def running(qtbot, tiny_copy):
    application = Application(tiny_copy)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.state is not None)
    application.window.resize(1280, 800)
    application.window.show_area("models")
    application.state.models.choose("tiny-gan")
    yield application
    application.window.close()
    application.stop()


def press(button) -> None:
    assert button.isVisible(), button.accessibleName()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def evaluate(running, qtbot, samples: str) -> None:
    panel = running.window.panels["models"]
    press(panel.actions.button("evaluate"))
    assert panel.evaluate.data.value() == "shapes", "the data that it was trained on is offered"
    panel.evaluate.samples.pill(samples).click()
    press(panel.evaluate.go)
    assert not panel.actions.able("evaluate")
    quality = running.state.quality
    name = running.state.models.current
    qtbot.waitUntil(lambda: quality.measuring(name) is None, timeout=LONG)


def test_a_model_is_measured_and_its_card_goes_out(running, qtbot, tmp_path):
    panel, said = running.window.panels["models"], []
    running.state.problem.connect(lambda problem: said.append(problem.sentence))
    press(panel.pages.pill("quality"))
    assert panel.quality.empty.isVisible()
    evaluate(running, qtbot, "500")
    assert said == []
    qtbot.waitUntil(lambda: not panel.quality.empty.isVisible(), timeout=LONG)
    text = panel.quality.text()
    assert "Possible copies" in text
    assert "Speed" in text
    model = running.state.models.find("tiny-gan")
    assert model.manifest.scores, "the package's own card holds them"
    assert evaluations.scores(running.home, model.manifest)
    assert panel.quality.sheet_box.isVisible(), "samples stand beside their nearest pictures"
    panel.run("card")
    panel.card_sheet.folder = tmp_path
    panel.card_sheet._show()
    panel.card_sheet.pairs.setChecked(True)
    target = panel.card_sheet.target()
    press(panel.card_sheet.go)
    qtbot.waitUntil(target.is_file, timeout=LONG)
    assert target.read_bytes().count(b"data:image/png;base64,") == 2
    assert said == []


def test_an_evaluation_is_cancelled_in_the_middle(running, qtbot):
    panel, quality = running.window.panels["models"], running.state.quality
    press(panel.pages.pill("quality"))
    press(panel.actions.button("evaluate"))
    panel.evaluate.samples.pill("10000").click()
    press(panel.evaluate.go)
    moved: list[str] = []
    quality.progressed.connect(moved.append)
    qtbot.waitUntil(lambda: len(moved) > 2, timeout=LONG)
    press(panel.quality.progress.cancel)
    qtbot.waitUntil(lambda: quality.measuring("tiny-gan") is None, timeout=LONG)
    assert panel.quality.empty.isVisible()
    assert not panel.quality.progress_box.isVisible()
    assert panel.actions.able("evaluate")
    model = running.state.models.find("tiny-gan")
    assert evaluations.read(running.home, model.manifest) is None


def test_a_model_gets_another_title_and_stays_sound(running, qtbot):
    panel = running.window.panels["models"]
    panel.run("rename")
    panel.title_edit.setText("Formen für morgen")  # QTest types ASCII only
    QTest.keyClick(panel.title_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.answer.title.text() == "Formen für morgen", timeout=LONG)
    asked = running.state.generation.ask
    qtbot.waitUntil(
        lambda: "Formen für morgen" in [model.title for model in asked.models], timeout=LONG
    )
    panel.run("verify")
    qtbot.waitUntil(lambda: running.state.models.check("tiny-gan").verdict == "good", timeout=LONG)
    running.window.toasts.act_last()
    qtbot.waitUntil(lambda: panel.answer.title.text() != "Formen für morgen", timeout=LONG)
