"""The walls of ARCHITECTURE.md: who may import whom, what each process holds, who writes files."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genstudio import families
from genstudio.core.paths import Home
from setup import licences
from tests.helpers import sources

WRITER = "genstudio/core/files.py"


def python(code: str, *words: str, home: Path | None = None, timeout: float = 120) -> str:
    """Run code in a fresh interpreter from the checkout; its stdout."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="1")
    if home:
        environment["GENSTUDIO_HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=sources.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def held(code: str, *words: str, home: Path | None = None) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running `code`."""
    report = "\nimport sys\nprint('\\nHELD', *sorted({m.split('.')[0] for m in sys.modules}))"
    out = python(code + report, *words, home=home)
    return set(out.rpartition("HELD")[2].split())


def test_import_walls():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(tool), "--no-cache"], cwd=sources.ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_package_stands_in_a_contract():
    text = (sources.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    walls = text.partition("[tool.importlinter]")[2]
    held = re.findall(r"source_modules = \[(.*?)\]", walls, re.DOTALL)
    for folder in sorted(p.name for p in sources.PACKAGE.iterdir() if (p / "__init__.py").exists()):
        assert any(f'"genstudio.{folder}' in block for block in held), f"no wall around {folder}"


@pytest.mark.parametrize("name", families.names())
def test_family_declaration_needs_only_core(name):
    found = held(f"from genstudio import families; families.family({name!r})")
    assert found.isdisjoint({"numpy", "torch", "onnxruntime", "onnx", "PIL", "cv2", "PySide6"})


def test_command_line_starts_light():
    found = held("import genstudio.cli.app")
    assert found.isdisjoint({"torch", "onnxruntime", "onnx", "PySide6", "numpy", "PIL", "cv2"})


def test_open_window_holds_neither_torch_nor_onnxruntime(tiny_copy):
    found = held(
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from genstudio.core.paths import Home\n"
        "from genstudio.ui import app\n"
        "from pathlib import Path\n"
        "application = QApplication([])\n"
        "def leave():\n"
        "    assert application.topLevelWidgets(), 'no window came up'\n"
        "    application.closeAllWindows()\n"
        "    application.quit()\n"
        "QTimer.singleShot(1500, leave)\n"
        "assert app.main(Home(Path(sys.argv[1]))) == 0\n",
        str(tiny_copy.root),
    )
    assert "PySide6" in found
    assert found.isdisjoint({"torch", "onnxruntime", "onnx", "typer"})


WORK = """
import json, sys
from pathlib import Path
from genstudio.core.paths import Home
from genstudio.workers import child, inline
role, work, body, home = sys.argv[1:]
for event in inline.run(role, work, json.loads(body), Home(Path(home))):
    print(event.kind)
"""


def test_generate_worker_holds_no_torch(tiny_copy):
    for name in families.names():
        model = f"tiny-{name}"
        task = _first_task(tiny_copy, model)
        if task is None:
            continue
        body = {"request": {"format": 1, "model": model, "task": task, "values": {}, "seed": 3}}
        found = held(WORK, "generate", "generate", json.dumps(body), str(tiny_copy.root))
        assert "onnxruntime" in found
        assert found.isdisjoint({"torch", "PySide6", "onnxscript"})


def _first_task(home: Home, model: str) -> str | None:
    from genstudio.studio.library import Library

    tasks = [t for t in Library(home).get(model).tasks if not any(c.required for c in t.inputs())]
    return tasks[0].name if tasks else None


def test_train_worker_holds_no_onnxruntime(tiny_copy):
    recipe = json.loads((tiny_copy.models / "tiny-vae" / "recipe.json").read_bytes())
    recipe["model"], recipe["settings"]["steps"] = "walls", 3
    body = {"recipe": recipe, "base": str(tiny_copy.root)}
    found = held(WORK, "train", "train", json.dumps(body), str(tiny_copy.root))
    assert "torch" in found
    assert found.isdisjoint({"onnxruntime", "PySide6"})


def test_files_worker_holds_neither(tiny_copy, shapes_folder):
    body = {"path": str(shapes_folder)}
    found = held(WORK, "files", "check_dataset", json.dumps(body), str(tiny_copy.root))
    assert found.isdisjoint({"onnxruntime", "torch", "PySide6"})


def test_state_of_the_window_needs_only_qtcore():
    # state/ may be tested without widgets; import-linter sees PySide6 only as a whole.
    for path in sources.modules(sources.PACKAGE / "ui" / "state"):
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
                assert node.module == "PySide6.QtCore", f"{sources.name_of(path)}:{node.lineno}"


def test_nobody_names_a_family():
    names = set(families.names())
    for path in sources.modules():
        if path.is_relative_to(sources.PACKAGE / "families"):
            continue
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.Constant) and node.value in names:
                pytest.fail(f"{sources.name_of(path)}:{node.lineno} names family {node.value!r}")


# What a file object for `.save(...)` is called where it is not a path.
HANDLES = {"buffer", "handle", "stream", "out", "writer"}
PICTURE = re.compile(r"image|picture|pixmap|frame|thumbnail|photo", re.IGNORECASE)
PATH_WRITERS = {
    "torch.save",
    "onnx.save",
    "onnx.save_model",
    "np.save",
    "np.savez",
    "np.savez_compressed",
    "os.rename",
    "os.replace",
    "shutil.move",
    "shutil.copy",
    "shutil.copy2",
    "shutil.copyfile",
    "shutil.copytree",
    "QSaveFile",
    "save_file",
    "cv2.imwrite",
}


@pytest.mark.parametrize("path", sources.modules(), ids=sources.name_of)
def test_only_one_module_writes_files(path):
    if sources.name_of(path) == WRITER:
        return
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Call):
            fault = _writes(node)
            assert not fault, (
                f"{sources.name_of(path)}:{node.lineno} writes beside files.py: {fault}"
            )


def _writes(call: ast.Call) -> str:
    """The words of a call that writes a file by path; "" for any other call."""
    name = sources.dotted(call.func)
    last = name.rpartition(".")[2]
    if last == "open" and name != "os.fdopen" and _mode(call, method=name != "open"):
        return f"{name} for writing"
    if last in ("write_text", "write_bytes") and not name.startswith("files."):
        return name
    if name in PATH_WRITERS or (isinstance(call.func, ast.Attribute) and _saves_picture(call.func)):
        return "" if call.args and _is_handle(call.args) else name or "a picture's save"
    return ""


def _saves_picture(method: ast.Attribute) -> bool:
    """True for `Image.fromarray(…).save` and `image.save`, not for `checkpoint.save`."""
    if method.attr != "save":
        return False
    owner = sources.dotted(method.value).rpartition(".")[2]
    return isinstance(method.value, ast.Call) or bool(PICTURE.search(owner))


def _mode(call: ast.Call, method: bool) -> bool:
    place = 0 if method else 1
    words = [a.value for a in call.args[place : place + 1] if isinstance(a, ast.Constant)]
    words += [
        k.value.value
        for k in call.keywords
        if k.arg == "mode" and isinstance(k.value, ast.Constant)
    ]
    return any(isinstance(w, str) and len(w) <= 4 and set(w) & set("wax+") for w in words)


def _is_handle(arguments: list[ast.expr]) -> bool:
    return any(isinstance(a, ast.Name) and a.id in HANDLES for a in arguments[:2])


# PyInstaller makes the build and its bootloader has an exception for what it packs.
TOOLS = {"pyinstaller", "pyinstaller-hooks-contrib"}
COPYLEFT = re.compile(r"(?<!L)\b(AGPL|GPL|GNU General Public|GNU Affero)", re.IGNORECASE)
COPYLEFT_LIBRARIES = re.compile(r"lib(x264|x265|xvidcore|fftw3|readline|gsl)\b", re.IGNORECASE)


def test_no_copyleft_in_the_product():
    assert len(licences.product()) > 15
    for name, distribution in licences.product().items():
        free = licences.licence_of(distribution)
        offers_choice = " OR " in free or "LGPL" in free or "Lesser" in free
        assert not COPYLEFT.search(free) or offers_choice, f"{name} is under {free}"


def test_no_copyleft_library_inside_a_wheel():
    # Metadata does not tell: the wheel of PyAV says BSD and carries libx264.
    for name, distribution in licences.product().items():
        for file in distribution.files or []:
            assert not COPYLEFT_LIBRARIES.search(file.name), f"{name} carries {file.name}"


def test_tools_are_not_needed_to_run():
    assert TOOLS.isdisjoint(licences.product())


def test_the_licence_of_everything_that_ships_is_there():
    folder = sources.ROOT / "resources" / "licences"
    there = {path.stem for path in folder.glob("*.txt")}
    missing = {name for name in licences.product() if not name.startswith("nvidia-")} - there
    assert not missing, f"run setup/licences.py: {sorted(missing)}"
    assert {"python", "data-fashion-mnist", "text-lgpl-3", "font-inter"} <= there
