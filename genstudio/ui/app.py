"""Starts the window: the frame is painted first, the Studio follows a moment later."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import genstudio
from genstudio.core.paths import Home
from genstudio.ui import icons
from genstudio.ui.collecting import Collector
from genstudio.ui.main_window import MainWindow
from genstudio.ui.theme import load_fonts, theme
from genstudio.ui.widgets.focus_ring import FocusRings

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio
    from genstudio.ui.bridge import Bridge
    from genstudio.ui.crash import CrashGuard
    from genstudio.ui.state.studio_state import StudioState

LATEST_START_MS = 1000
SETTLED_MS = 10_000
SWITCH_SECONDS = 0.0005
"""How long a busy thread may go on while the window's thread waits for its turn. It waits after
every call into Qt, so Python's 5 ms would make a press in sight of a busy saver take seconds."""
PEEK_BYTES = 4 * 1024 * 1024


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The QApplication with our font, style and theme (reused when there is one)."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(arguments if arguments is not None else sys.argv[:1])
    dress(app)
    return app


def dress(app: QApplication) -> None:
    """Name, icon, style, font and focus rings of the program."""
    app.setApplicationName("GenStudio")
    app.setApplicationDisplayName("GenStudio")
    app.setApplicationVersion(genstudio.__version__)
    app.setDesktopFileName("genstudio")
    app.setStyle("Fusion")
    app.setWindowIcon(icons.app_icon())
    load_fonts()
    theme().follow_system()
    FocusRings(app)


def peek(home: Home) -> tuple[str, str]:
    """(theme, window geometry) of the last session, read without the rest of the program.

    Only for the first paint: anything unreadable counts as absent, the Studio says so later.
    """
    wanted = _peek_json(home.settings_file).get("theme")
    values = _peek_json(home.session_file).get("values")
    geometry = values.get("window.geometry") if isinstance(values, dict) else ""
    chosen = wanted if wanted in ("dark", "light") else "system"
    return chosen, geometry if isinstance(geometry, str) else ""


def _peek_json(path: Any) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size < PEEK_BYTES:
            value = json.loads(path.read_bytes())
            return value if isinstance(value, dict) else {}
    return {}


class Application(QObject):
    """Owns what lives as long as the window: Studio, bridge, state, crash guard."""

    def __init__(self, home: Home, studio: Studio | None = None) -> None:
        super().__init__()
        self.home = home
        self.studio = studio
        self.bridge: Bridge | None = None
        self.state: StudioState | None = None
        self.guard: CrashGuard | None = None
        self.exit_code = 0
        self._collector = Collector(self)
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._started = False
        self._late = self._timer(LATEST_START_MS, self.start)
        self._settling = self._timer(SETTLED_MS, self._settled)
        chosen, geometry = peek(home)
        theme().choose(chosen)
        self.window = MainWindow()
        self.window.restore_geometry(geometry)
        self.window.painted.connect(self.start)
        self.window.closing.connect(self.stop)

    def _timer(self, interval: int, callback: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(callback)
        return timer

    def show(self) -> None:
        """Show the frame; the rest follows the first paint (or a second, if it is hidden)."""
        self.window.show()
        self._late.start()

    def start(self) -> None:
        """Open the Studio and bring the window to life; a second call does nothing."""
        if self._started:
            return
        self._started = True
        self._late.stop()
        from genstudio.ui.crash import CrashGuard

        self.guard = CrashGuard(self.window.show_report)
        self.guard.install()
        studio = self.studio or self._open()
        if studio is None:
            return
        self.studio = studio
        self._attach(studio)
        self.guard.dump_into(self.home.logs)
        studio.start()
        self._collector.settle()
        self._settling.start()

    def _open(self) -> Studio | None:
        """The Studio; None when the data folder cannot be used or has a window already."""
        from genstudio.core.errors import GenStudioError

        try:
            return open_studio(self.home)
        except GenStudioError as error:
            dialog = self.window.show_report(error.problem)
            dialog.destroyed.connect(self._give_up)
            self.exit_code = 1
        return None

    def _give_up(self) -> None:
        QApplication.quit()

    def _attach(self, studio: Studio) -> None:
        from genstudio.ui.bridge import Bridge
        from genstudio.ui.state.studio_state import StudioState

        self.bridge = Bridge(studio)
        self.state = StudioState(studio, self.bridge)
        self.window.attach(self.state)
        self.bridge.event.connect(self.window.on_event)
        self.bridge.shown.connect(self.window.come_to_front)
        self.bridge.problem.connect(self.window.show_trouble)
        notice = self.state.session.notice
        for problem in [*studio.problems, *([notice] if notice else [])]:
            self.window.add_banner(problem)

    def _settled(self) -> None:
        if self.studio is not None:
            self.studio.settle()

    def stop(self) -> None:
        """Keep everything and let go of the data folder; a second call does nothing."""
        self._late.stop()
        self._settling.stop()
        state, self.state = self.state, None
        if state is not None:
            state.close()
        if self.bridge is not None:
            self.bridge.close()
        studio, self.studio = self.studio, None
        if studio is not None:
            studio.close()
        guard, self.guard = self.guard, None
        if guard is not None:
            guard.remove()
        self._collector.stop()
        sys.setswitchinterval(self._switch)


def open_studio(home: Home) -> Studio:
    """The Studio of a data folder; raises AlreadyOpen where another window owns it."""
    from genstudio.studio.studio import Studio

    return Studio(home)


def _show_first(home: Home) -> bool:
    """Ask a window that owns the folder to come to the front; True when there is one."""
    from genstudio.studio.instance import ask_first_to_show

    answered = ask_first_to_show(home)
    if sys.stderr is not None:
        raised = "its window was brought to the front" if answered else "it does not answer"
        print(f"GenStudio is open already with {home.root}; {raised}.", file=sys.stderr)
    return answered


def _early_studio(home: Home) -> tuple[Studio | None, bool]:
    """(Studio, whether another window has it), looked at before painting only where a window
    runs or crashed: a second start must not flash a window of its own."""
    if not (home.root / "running.json").exists():
        return None, False
    from genstudio.studio.instance import AlreadyOpen

    try:
        return open_studio(home), False
    except AlreadyOpen:
        return None, True


def main(home: Home) -> int:
    """Run the window on a data folder; the exit code."""
    app = make_application()
    from genstudio.core.errors import GenStudioError

    try:
        studio, taken = _early_studio(home)
    except GenStudioError:
        studio, taken = None, False  # the window says what is wrong
    if taken:
        return 0 if _show_first(home) else 1
    application = Application(home, studio)
    notifier = _listen_to_signals(app)
    application.show()
    code = app.exec()
    application.stop()
    del notifier
    return code or application.exit_code


run = main


def _listen_to_signals(app: QApplication) -> QSocketNotifier | None:
    """Ctrl+C and SIGTERM close the window properly (Python sees signals only between
    bytecodes, and Qt's loop runs none: a socket wakes it)."""
    if os.name != "posix":
        return None
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)

    def close() -> None:
        with contextlib.suppress(OSError):
            reader.recv(64)
        app.closeAllWindows()
        app.quit()

    notifier.activated.connect(close)
    notifier.sockets = (reader, writer)  # type: ignore[attr-defined]
    return notifier
