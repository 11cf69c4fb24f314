"""The program as it ships: built by PyInstaller, and as a wheel.

The small edition (without torch) is built here. GENSTUDIO_FROZEN=full builds the whole one
(several minutes, 1.3 GB) and trains with it too; GENSTUDIO_FROZEN=skip leaves the build out.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genstudio.core.paths import bundled_models
from tests.helpers import sources

VARIANT = os.environ.get("GENSTUDIO_FROZEN", "lite")
SUFFIX = ".exe" if sys.platform == "win32" else ""
LEFT_OUT = (".git", ".venv", "build", "dist", "out", "__pycache__", "*.egg-info", ".*_cache")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the built program."""
    if VARIANT == "skip":
        pytest.skip("GENSTUDIO_FROZEN=skip")
    place = tmp_path_factory.mktemp("frozen")
    lite = "1" if VARIANT == "lite" else "0"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(place / "dist"), "--workpath", str(place / "build")),
            str(sources.ROOT / "build.spec"),
        ],
        cwd=place,
        env=dict(os.environ, GENSTUDIO_LITE=lite),
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    # Moved to a hostile place: nothing in it may know where it was built.
    return Path(shutil.move(place / "dist" / "genstudio", place / "Программа 名前 ü"))


def run(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """One command of the built program, with nothing of ours in its environment."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "GENSTUDIO_HOME", "SYSTEMROOT", "TEMP")
    return subprocess.run(
        [str(folder / f"genstudio{SUFFIX}"), *map(str, words)],
        env={name: os.environ[name] for name in kept if name in os.environ},
        cwd=folder.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def test_doctor_runs_the_bundled_models(frozen):
    done = run(frozen, "doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])["data"]
    assert facts["program"]["frozen"] is True
    expected = {path.parent.name for path in bundled_models().glob("*/model.json")}
    assert {model["model"] for model in facts["models"]} == expected


def test_generate(frozen, tiny_copy, tmp_path):
    words = ("--count", 2, "--seed", 7, "--out", tmp_path / "выход")
    done = run(frozen, "generate", "tiny-gan", *words, "--home", tiny_copy.root)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "выход").glob("tiny-gan-7-*.png"))) == 2


def test_every_family_is_known(frozen, tiny_copy):
    done = run(frozen, "doctor", "--all", "--json", "--home", tiny_copy.root)
    assert done.returncode == 0, done.stdout + done.stderr
    tried = json.loads(done.stdout.splitlines()[-1])["data"]["models"]
    assert {"tiny-gan", "tiny-vae", "tiny-classifier"} <= {model["model"] for model in tried}


def test_evaluate_and_inspect(frozen, tiny_copy, tmp_path):
    home = ("--home", tiny_copy.root)
    words = ("--data", "shapes", "--samples", 16, "--metric", "frechet")
    done = run(frozen, "evaluate", "tiny-vae", *words, *home)
    assert done.returncode == 0, done.stderr
    run(frozen, "generate", "tiny-vae", "--count", 1, "--seed", 1, "--out", tmp_path, *home)
    done = run(frozen, "inspect", tmp_path / "tiny-vae-1-0.png", *home)
    assert done.returncode == 0, done.stderr
    assert "tiny-vae" in done.stdout


def test_training(frozen, tiny_copy):
    words = ("--family", "vae", "--data", "shapes", "--preset", "tiny", "--steps", 2)
    done = run(frozen, "train", *words, "--name", "built", "--home", tiny_copy.root)
    if VARIANT == "full":
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == "built"
    else:
        assert done.returncode == 1
        assert "does not train" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="ends the window with a signal")
def test_the_window_opens(frozen, tiny_copy):
    window = subprocess.Popen(
        [str(frozen / "genstudio-window"), "--home", str(tiny_copy.root)],
        env=dict(os.environ, QT_QPA_PLATFORM="offscreen"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not tiny_copy.lock_file.exists() and window.poll() is None:
            assert time.monotonic() < deadline, "the window took no hold of its data folder"
            time.sleep(0.1)
        assert window.poll() is None, window.communicate()
    finally:
        window.send_signal(signal.SIGTERM)
        out, err = window.communicate(timeout=60)
    assert "Traceback" not in out + err


def test_qt_stays_replaceable(frozen):
    # The LGPL asks for it: Qt lies in files of its own, with its licence beside it.
    assert list(frozen.rglob("*Qt6Core*"))
    assert list(frozen.rglob("licences/text-lgpl-3.txt"))


def test_nothing_heavy_is_packed_for_nothing(frozen):
    names = {path.name for path in frozen.rglob("*")}
    unwanted = ("WebEngine", "Qt6Pdf", "providers_cuda", "providers_tensorrt", "tkinter")
    assert not [name for name in names for word in unwanted if word in name]
    if VARIANT == "lite":
        assert not [name for name in names if name.startswith("libtorch")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout and installed into a folder."""
    place = tmp_path_factory.mktemp("wheel")
    copy = shutil.copytree(
        sources.ROOT, place / "source", ignore=shutil.ignore_patterns(*LEFT_OUT, "tests")
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    for words in (
        ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", place, copy),
        ("install", "--no-deps", "--no-index", "--target", place / "site"),
    ):
        wheels = map(str, place.glob("*.whl")) if words[0] == "install" else ()
        done = subprocess.run(
            [*pip, *map(str, words), *wheels], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
    return place / "site"


def test_a_wheel_carries_models_and_resources(installed, tmp_path):
    code = (
        "from genstudio.core import paths; print(paths.bundled_models()); print(paths.resources())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(installed)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    models, resources = map(Path, done.stdout.splitlines())
    assert models == installed / "genstudio" / "_bundle" / "models"
    expected = {path.name for path in bundled_models().iterdir() if path.is_dir()}
    assert {path.name for path in models.iterdir()} == expected
    assert (resources / "licences" / "data-fashion-mnist.txt").is_file()
    assert list((resources / "icons").glob("*.svg"))
    assert len(list((resources / "datasets").glob("*/starter.json"))) == 3


def test_an_installed_wheel_works(installed, tmp_path, tiny_copy):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "genstudio", "doctor", "--all", "--json"],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(installed), GENSTUDIO_HOME=str(tiny_copy.root)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])["data"]
    assert facts["folders"]["program"] == str(installed / "genstudio" / "_bundle")
    names = {model["model"] for model in facts["models"]}
    assert names >= {path.parent.name for path in bundled_models().glob("*/model.json")}
