"""What happens when something goes wrong in the window: a dialog with a report, and it goes on."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from genstudio.core.errors import classify

log = logging.getLogger("genstudio.ui")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
MOST_DIALOGS = 3


class CrashGuard(QObject):
    """Catches what no slot caught, in any thread; `show(problem)` is called in the main thread."""

    _caught = Signal(object)

    def __init__(self, show: Callable[[object], object]) -> None:
        super().__init__()
        self._show = show
        self._shown = 0
        self._caught.connect(self._tell, Qt.ConnectionType.AutoConnection)
        self._before = (sys.excepthook, threading.excepthook)
        self._dump: IO[str] | None = None
        self._dump_path = Path()

    def install(self) -> None:
        """From now on."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(_qt_message)

    def remove(self) -> None:
        """As it was before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        self.stop_dump()

    def dump_into(self, folder: Path) -> None:
        """Let a hard crash (a signal) leave its stacks in `folder`; without a place, do without."""
        from genstudio.core.files import open_log

        self._dump_path = folder / f"crash-{os.getpid()}.log"
        try:
            handle = open_log(self._dump_path)
        except Exception:  # a read-only or full data folder must not stop the start
            log.warning("crash log cannot be written in %s", folder)
            return
        self._dump = os.fdopen(handle, "a")
        faulthandler.enable(self._dump)

    def stop_dump(self) -> None:
        """End a clean run: an empty crash log is removed."""
        if self._dump is None:
            return
        from genstudio.core.files import remove

        faulthandler.disable()
        self._dump.close()
        self._dump = None
        if self._dump_path.is_file() and not self._dump_path.stat().st_size:
            remove(self._dump_path)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        log.error("unhandled exception", exc_info=(kind, error, trace))
        self._caught.emit(classify(error))

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._hook(args.exc_type, args.exc_value, args.exc_traceback)

    def _tell(self, problem: object) -> None:
        # A fault in a painting or timer slot would open dialogs without end.
        if self._shown >= MOST_DIALOGS:
            return
        self._shown += 1
        dialog = self._show(problem)
        if isinstance(dialog, QObject):
            dialog.destroyed.connect(self._one_less)

    def _one_less(self) -> None:
        self._shown -= 1


def _qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
