"""A data folder with a few datasets and one trained model of every family, made once and kept
until sources change.

As a program (`python -m tests.helpers.tiny FOLDER`) it trains them all in one process, which
holds torch; the caller holds nothing but the packages. GENSTUDIO_TINY_HOME names a folder made
before, whatever the sources are now (for trying things out).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from tests.helpers import shapes, sounds, texts

ROOT = Path(__file__).resolve().parents[2]
DATA = "shapes"
CAPTIONED = "captioned"
"""The same shapes without classes, each with a caption."""
WRITTEN = "written"
"""Texts of two kinds."""
HEARD = "heard"
"""Sounds of two kinds."""
STEPS = 60
SOURCES = ("core", "numerics", "media", "datasets", "training", "families", "studio", "workers")


def home() -> Path:
    """The data folder; trains the models at the first call."""
    given = os.environ.get("GENSTUDIO_TINY_HOME")
    if given:
        return Path(given)
    place = Path(tempfile.gettempdir()) / f"genstudio-tiny-{_user()}" / _hash()
    if not place.is_dir():
        _make(place)
    return place


LINKED = (".png", ".txt", ".pt")
"""Files that nobody writes into: pictures, captions, checkpoints (the studio replaces files)."""


def copy_of(home: Path, place: Path) -> Path:
    """A copy of the data folder as `place`; what is never written into is linked, not copied."""
    return Path(shutil.copytree(home, place, copy_function=_linked))


def _linked(source: str, target: str) -> str:
    if source.endswith(LINKED):
        with contextlib.suppress(OSError):  # another disk
            os.link(source, target)
            return target
    return shutil.copy2(source, target)


def packages(home: Path) -> dict[str, Path]:
    """Package folders in it by family name."""
    return {
        path.name.removeprefix("tiny-"): path for path in sorted((home / "models").glob("tiny-*"))
    }


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _hash() -> str:
    digest = hashlib.sha256()
    files = [Path(__file__), *(Path(module.__file__ or "") for module in (shapes, sounds, texts))]
    for name in SOURCES:
        files += sorted((ROOT / "genstudio" / name).rglob("*.py"))
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f"{place.name}.{uuid.uuid4().hex}")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.helpers.tiny", str(temporary)],
            cwd=ROOT,
            env=dict(os.environ, OMP_WAIT_POLICY="PASSIVE", OPENBLAS_NUM_THREADS="1"),
            capture_output=True,
            text=True,
            timeout=1800,
        )
        if done.returncode:
            raise RuntimeError(f"the tiny models could not be made:\n{done.stdout}\n{done.stderr}")
        for old in place.parent.iterdir():
            # Another run of the tests may be using an older one right now.
            if old != temporary and time.time() - old.stat().st_mtime > 6 * 3600:
                shutil.rmtree(old, ignore_errors=True)
        if not place.is_dir():  # another run of the tests may have made it meanwhile
            temporary.replace(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


KINDS = {"image": DATA, "text": WRITTEN, "sound": HEARD}


def _order(family: str) -> tuple[int, bool]:
    """Families of pictures come first, of them last those that read captions."""
    from genstudio import families

    kind = families.family(family)
    return [*KINDS].index(kind.data_kind), kind.captions or kind.needs_captions


def _data(family: str) -> str:
    """The dataset that a family learns from."""
    kind, reads = _order(family)
    return CAPTIONED if reads else [*KINDS.values()][kind]


def make_home(root: Path) -> None:
    """Index the data and train, package and install the tiny preset of every family."""
    from genstudio import families
    from genstudio.core.paths import Home
    from genstudio.studio import recipes
    from genstudio.studio.datasets import Datasets
    from genstudio.studio.library import Library
    from genstudio.workers import inline

    place = Home(root)
    sources = root / "source"
    made = (
        shapes.write(sources / DATA),
        shapes.write_captioned(sources / CAPTIONED),
        texts.write(sources / WRITTEN),
        sounds.write(sources / HEARD),
    )
    for source in made:
        body = {"path": str(source), "name": source.name, "copy": True, "licence": "MIT"}
        list(inline.run("files", "add_dataset", body, place))
    for family in sorted(families.names(), key=_order):  # run 0001 is that of the classifier
        recipe = recipes.from_scratch(family, Datasets(place).get(_data(family)), "tiny")
        # One thread: nothing waits for another one on a busy machine. The preset's few hundred
        # steps would teach more than a test needs.
        settings = recipe.settings.model_copy(update={"threads": 1, "steps": STEPS})
        options = {**recipe.options, **({"fim": True} if _data(family) == WRITTEN else {})}
        recipe = recipe.model_copy(
            update={"model": f"tiny-{family}", "settings": settings, "options": options}
        )
        body = recipe.model_dump(mode="json", exclude_unset=True)
        work = {"recipe": body, "base": str(root)}
        *_, done = inline.run("train", "train", work, place)
        Library(place).install(Path(str(done.data["package"])))


if __name__ == "__main__":
    make_home(Path(sys.argv[1]))
