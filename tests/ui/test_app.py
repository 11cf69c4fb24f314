"""Starting and ending: quick first paint, real Studio behind it, second start, faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from genstudio.core import files
from genstudio.core.errors import ReadOnly
from genstudio.core.paths import Home
from genstudio.studio.kept import RunMark, Session
from genstudio.ui import app as app_module
from genstudio.ui.app import Application, make_application, peek
from genstudio.ui.theme import theme
from genstudio.ui.widgets.banner import Banner
from genstudio.ui.widgets.error_dialog import ErrorDialog


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "名前 ünï")


def start(qtbot, home, studio=None):
    application = Application(home, studio)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.state is not None)
    return application


def end(application):
    application.window.close()
    application.stop()


def test_reuses_the_application(qapp):
    assert make_application() is QApplication.instance()
    assert qapp.applicationName() == "GenStudio"


def test_starts_shows_and_ends(qtbot, home):
    application = start(qtbot, home)
    assert application.window.isVisible()
    assert application.window.area() == "image"
    assert (home.root / "running.json").exists()
    end(application)
    assert not (home.root / "running.json").exists(), "a clean end leaves no mark"
    assert json.loads(home.session_file.read_text(encoding="utf-8"))["values"]["window.geometry"]
    assert not list(home.logs.glob("crash-*.log")), "an empty crash log is removed"


def test_comes_back_as_it_was(qtbot, home):
    application = start(qtbot, home)
    application.state.settings.change("theme", "light")
    application.window.show_area("settings")
    end(application)
    theme().choose("dark")
    assert peek(home)[0] == "light"
    again = start(qtbot, home)
    assert (theme().name, again.window.area()) == ("light", "settings")
    end(again)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"values": 3, "theme": 7}', "[" * 5000])
def test_peeking_survives_anything(home, text):
    home.root.mkdir(parents=True)
    home.settings_file.write_text(text, encoding="utf-8")
    home.session_file.write_text(text, encoding="utf-8")
    assert peek(home) == ("system", "")


def test_a_second_start_brings_the_first_to_the_front(qtbot, home):
    application = start(qtbot, home)
    application.window.showMinimized()
    code = (
        "import sys; from pathlib import Path; from genstudio.core.paths import Home;"
        "from genstudio.ui.app import main; sys.exit(main(Home(Path(sys.argv[1]))))"
    )
    second = subprocess.Popen(
        [sys.executable, "-c", code, str(home.root)], stderr=subprocess.PIPE, text=True
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.returncode == 0
    assert "open already" in second.stderr.read()
    second.stderr.close()
    qtbot.waitUntil(lambda: not application.window.isMinimized())
    end(application)


def test_folder_that_cannot_be_used_is_told(qtbot, home, monkeypatch):
    def refuse(_home):
        raise ReadOnly("The data folder cannot be used", file=home.root)

    monkeypatch.setattr(app_module, "open_studio", refuse)
    ended = []
    monkeypatch.setattr(Application, "_give_up", lambda self: ended.append(1))
    application = Application(home)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.window.findChild(ErrorDialog) is not None)
    assert application.exit_code == 1
    application.window.findChild(ErrorDialog).close()
    qtbot.waitUntil(lambda: bool(ended))
    end(application)


def test_problems_found_at_start_stay_in_sight(qtbot, home):
    home.root.mkdir(parents=True)
    home.settings_file.write_text("nonsense", encoding="utf-8")
    application = start(qtbot, home)
    assert application.window.findChildren(Banner)
    end(application)


def test_a_start_with_defaults_after_crashes_is_said_in_a_banner(qtbot, home):
    files.write_bytes(home.session_file, Session(values={"window.area": "gallery"}).to_bytes())
    files.write_bytes(home.root / "running.json", RunMark(pid=0, crashes=2).to_bytes())
    application = start(qtbot, home)
    words = [banner.accessibleName() for banner in application.window.findChildren(Banner)]
    assert any("3 times in a row" in text for text in words)
    assert application.window.area() == "image"
    end(application)
    application = start(qtbot, home)
    assert application.window.findChildren(Banner) == [], "a good end makes an ordinary start"
    end(application)


def test_exception_in_a_slot_becomes_a_dialog_and_the_window_lives(qtbot, home):
    application = start(qtbot, home)
    try:
        raise RuntimeError("a slot failed")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: application.window.findChild(ErrorDialog) is not None)
    dialog = application.window.findChild(ErrorDialog)
    assert "a slot failed" in dialog._report
    assert not dialog.isModal()
    dialog.close()
    application.window.show_area("settings")
    assert application.window.area() == "settings"
    end(application)


def fresh(code: str) -> str:
    """Run `code` in a process of its own; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bindings_do_not_wear_out_the_constants():
    """PySide6 6.12 under Python 3.11 gave None and True away uncounted and died after some
    thousand calls; pyproject.toml pins a version that does not."""
    code = (
        "from PySide6.QtCore import QCoreApplication, QObject, Signal\n"
        "class Talker(QObject):\n"
        "    said = Signal(bool)\n"
        "app = QCoreApplication([])\n"
        "talker = Talker(); talker.said.connect(lambda on: None)\n"
        "for number in range(20_000):\n"
        "    talker.setObjectName(str(number)); talker.said.emit(number % 2 == 0)\n"
        "print('alive')\n"
    )
    assert fresh(code).strip() == "alive"


def test_first_paint_needs_little(tmp_path):
    """The frame is painted before pydantic, the Studio, a panel or a number library comes."""
    code = (
        "import sys; from pathlib import Path; from genstudio.core.paths import Home\n"
        "from genstudio.ui.app import Application, make_application\n"
        "app = make_application(['x'])\n"
        f"a = Application(Home(Path({str(tmp_path / 'h')!r})))\n"
        "heavy = ('pydantic', 'numpy', 'PIL', 'torch', 'onnxruntime', 'pyqtgraph', 'scipy',\n"
        "         'genstudio.studio.studio', 'genstudio.ui.panels.image')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    assert fresh(code).strip() == "[]"


def test_running_window_holds_no_learning_library(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from genstudio.core.paths import Home\n"
        "from genstudio.ui.app import Application, make_application\n"
        "app = make_application(['x'])\n"
        f"a = Application(Home(Path({str(tmp_path / 'h')!r}))); a.show()\n"
        "end = time.monotonic() + 30\n"
        "while a.state is None and time.monotonic() < end: app.processEvents()\n"
        "for key in a.window.areas: a.window.show_area(key)\n"
        "bad = ('torch', 'onnxruntime', 'genstudio.engine', 'genstudio.training')\n"
        "print([name for name in bad if name in sys.modules])\n"
        "a.window.close(); a.stop()\n"
    )
    assert fresh(code).strip() == "[]"


def test_interrupt_closes_properly(tmp_path):
    if os.name != "posix":
        pytest.skip("signals of this kind are POSIX")
    home = tmp_path / "h"
    code = (
        "import os, signal, sys; from pathlib import Path; from genstudio.core.paths import Home\n"
        "from PySide6.QtCore import QTimer\n"
        "from genstudio.ui import app\n"
        "made = app.make_application(['x'])\n"
        "QTimer.singleShot(1500, lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        f"sys.exit(app.main(Home(Path({str(home)!r}))))\n"
    )
    fresh(code)
    assert not (home / "running.json").exists()
    assert (home / "session.json").exists()
