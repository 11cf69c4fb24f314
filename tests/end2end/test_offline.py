"""Nothing needs a network, and nothing tries to reach one."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.end2end.conftest import OFFLINE, no_network
from tests.helpers import sources

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from genstudio.core.paths import Home
from genstudio.ui import app
application = app.make_application(["genstudio"])
QTimer.singleShot(2500, application.closeAllWindows)
QTimer.singleShot(3500, application.quit)
sys.exit(app.main(Home(Path(sys.argv[1]))))
"""


def test_the_block_blocks(tmp_path):
    code = "import socket; socket.create_connection(('198.51.100.7', 80), timeout=1)"
    log = tmp_path / "log"
    environment = dict(os.environ, PYTHONPATH=str(OFFLINE), OFFLINE_LOG=str(log))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode != 0
    assert "198.51.100.7" in log.read_text()


def test_every_command_works_without_a_network_and_asks_for_none(flow):
    assert [(name, ran.err) for name, ran in flow.ran.items() if ran.code] == []
    assert not flow.log.exists(), flow.log.read_text()


def test_the_window_asks_for_none(flow, tiny_copy):
    done = subprocess.run(
        [*no_network(), sys.executable, "-c", WINDOW, str(tiny_copy.root)],
        cwd=sources.ROOT,
        env=flow.environment() | {"PYTHONPATH": f"{OFFLINE}{os.pathsep}{sources.ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not flow.log.exists(), flow.log.read_text()
