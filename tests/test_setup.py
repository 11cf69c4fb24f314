"""start.sh and test.sh: what they install, when, and what they say when they cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from setup import licences
from tests.helpers import sources

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")

# Stands in for the interpreter: makes a "virtual environment" of itself and logs its words.
PYTHON = """#!/bin/bash
echo "python $*" >>"$LOG"
case "$1" in
  -V) echo "Python 3.11.9" ;;
  -c) exit ${VERSION_FAILS:-0} ;;
  -m) case "$2" in
        venv) mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
        pip) exit ${PIP_FAILS:-0} ;;
      esac ;;
esac
"""
DPKG = """#!/bin/bash
case " $MISSING " in *" ${@: -1} "*) exit 1 ;; esac
echo "install ok installed"
"""
APT = """#!/bin/bash
echo "apt-get $*" >>"$LOG"
"""


class Place:
    """A checkout in a folder with spaces and umlauts, with tools that only write down."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "mein Gen Studio ü"
        self.tools = folder / "tools"
        self.log = folder / "log"
        self.tools.mkdir(parents=True)
        (self.checkout / "setup").mkdir(parents=True)
        shutil.copy(sources.ROOT / "setup" / "setup.sh", self.checkout / "setup")
        for name in ("start.sh", "test.sh", "pyproject.toml"):
            shutil.copy(sources.ROOT / name, self.checkout)
        for name, text in (("python3.11", PYTHON), ("dpkg-query", DPKG), ("apt-get", APT)):
            self.tool(name, text)
        self.tool("id", "#!/bin/bash\necho 0\n")

    def tool(self, name: str, text: str) -> None:
        """Put a stand-in into PATH."""
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def run(self, script: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script with the stand-ins first in PATH."""
        environment = {"PATH": f"{self.tools}:/usr/bin:/bin", "LOG": str(self.log), **more}
        return subprocess.run(
            [str(self.checkout / script), *words],
            env=environment,
            cwd=self.tools,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def said(self) -> str:
        """What the stand-ins were called with since the last time."""
        text = self.log.read_text() if self.log.exists() else ""
        self.log.unlink(missing_ok=True)
        return text


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


def test_the_first_run_sets_up_and_the_second_is_instant(place):
    done = place.run("start.sh", "models", "list")
    assert done.returncode == 0, done.stderr
    first = place.said()
    assert "venv --clear" in first
    assert f"--editable {place.checkout}" in first
    assert "[dev]" not in first
    assert first.splitlines()[-1].endswith("-m genstudio models list")
    assert "done once" in done.stderr
    again = place.run("start.sh", "doctor")
    second = place.said()
    assert "pip" not in second
    assert "venv" not in second
    assert again.stderr == ""


def test_tests_bring_their_tools_and_make_running_instant(place):
    assert place.run("test.sh", "tests/core").returncode == 0
    said = place.said()
    assert "[dev]" in said
    assert said.splitlines()[-1].endswith("-m tests.check tests/core")
    place.run("start.sh")
    assert "pip" not in place.said()


def test_a_new_dependency_sets_up_again(place):
    place.run("start.sh")
    place.said()
    with (place.checkout / "pyproject.toml").open("a") as handle:
        handle.write("# another dependency\n")
    place.run("start.sh")
    assert "pip install" in place.said()


def test_only_missing_system_packages_are_installed(place):
    place.run("start.sh", MISSING="libegl1 libxcb-cursor0")
    lines = [line for line in place.said().splitlines() if line.startswith("apt-get")]
    assert lines[0].startswith("apt-get update")
    assert lines[1].endswith("libegl1 libxcb-cursor0")
    assert len(lines) == 2


def test_nothing_is_installed_where_nothing_is_missing(place):
    place.run("start.sh")
    assert "apt-get" not in place.said()


def test_without_rights_it_says_what_to_install_and_goes_on(place):
    place.tool("id", "#!/bin/bash\necho 1000\n")
    place.tool("sudo", "#!/bin/bash\nexit 1\n")
    done = place.run("start.sh", "doctor", MISSING="libegl1")
    assert done.returncode == 0
    assert "apt-get install libegl1" in done.stderr
    assert "-m genstudio doctor" in place.said()


def test_offline_is_a_sentence_and_is_tried_again(place):
    done = place.run("start.sh", PIP_FAILS="1")
    assert done.returncode == 1
    assert "internet connection" in done.stderr
    place.said()
    assert place.run("start.sh").returncode == 0
    assert "pip install" in place.said()


def test_no_python_is_a_sentence(place):
    for name in ("python3.11", "python3.12", "python3.13", "python3", "python"):
        place.tool(name, "#!/bin/bash\nexit 1\n")
    done = place.run("start.sh")
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr


def test_the_build_server_runs_the_tests():
    text = (sources.ROOT / ".ci" / "run").read_text()
    assert "test.sh" in text
    for name in (".ci/run", "start.sh", "test.sh"):
        assert os.access(sources.ROOT / name, os.X_OK), f"{name} is not executable"


def test_licence_texts_name_version_licence_and_source():
    found = licences.product()
    assert "torch" in found
    text = licences.text_of(found["pydantic"])
    assert text.startswith(f"pydantic {found['pydantic'].version}\nLicence: MIT")
    assert "Permission is hereby granted" in text
    assert "PSF-2.0" in licences.python_text()
