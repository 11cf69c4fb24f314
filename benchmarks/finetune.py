"""How many steps going on from a bundled model saves: `python -m benchmarks.finetune`.

Both trainings have the parent's networks, the same data, the same constant learning rate and the
same held-out pictures; one starts from the parent's weights. The ratio is between the steps at
which each first reaches the score that the one from scratch has at its best.

`mirrored` is data near to the parent's: the 500 test pictures of the fashion starter, which the
parent never saw, mirrored, so that every shoe points to the other side. `sprites` and `emoji` are
far from it. The bar is for data near to it.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.rows import Row, table
from genstudio.core import files
from genstudio.core.manifest import RECIPE
from genstudio.core.paths import Home, bundled_models, resources
from genstudio.core.recipe import Recipe
from genstudio.studio import recipes, tuning
from genstudio.studio.datasets import Datasets
from genstudio.studio.library import Library
from genstudio.studio.runs import Runs
from genstudio.workers import inline

PARENTS = ("fashion-vae", "fashion-gan")
DATA, STEPS, LOOKS = "mirrored", 200, 20
BAR = 1.5

Scores = list[tuple[int, float]]


def main() -> int:
    """Print the table; 1 when a ratio is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finetune", description=__doc__)
    parser.add_argument("--parent", nargs="+", default=list(PARENTS), help="bundled models")
    parser.add_argument("--data", default=DATA, help="mirrored, a starter set, or a folder")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = list(rows(chosen.parent, chosen.data, chosen.steps, chosen.seed))
    print(table(found))
    return int(any(row.met is False for row in found))


def rows(parents: list[str], data: str = DATA, steps: int = STEPS, seed: int = 1) -> Iterator[Row]:
    """One row per parent."""
    with tempfile.TemporaryDirectory(prefix="genstudio-finetune-") as folder:
        home = Home(Path(folder))
        name = add(home, data)
        for parent in parents:
            yield compared(home, parent, name, steps, seed)


def add(home: Home, data: str) -> str:
    """Put the pictures into the data folder; their name there."""
    if data == "mirrored":
        return _read_in(home, mirrored(home.root / "mirrored.npz"))
    if Path(data).is_dir():
        return _read_in(home, Path(data))
    *_, done = inline.run("files", "add_starter", {"name": data}, home)
    return str(done.data["dataset"])  # type: ignore[union-attr]


def mirrored(path: Path) -> Path:
    """Write the mirrored test pictures of the fashion starter to `path`, without classes."""
    with np.load(resources() / "datasets" / "fashion" / "data.npz") as arrays:
        images = arrays["x_test"][:, :, ::-1]
    buffer = io.BytesIO()
    np.savez(buffer, images=images)
    files.write_bytes(path, buffer.getvalue())
    return path


def _read_in(home: Home, path: Path) -> str:
    body = {"path": str(path), "name": path.stem, "copy": True}
    *_, done = inline.run("files", "add_dataset", dict(body), home)
    return str(done.data["dataset"])  # type: ignore[union-attr]


def compared(home: Home, parent: str, data: str, steps: int, seed: int) -> Row:
    """Train both ways and compare when they reach the score."""
    model = Library(home).get(parent)
    own = recipes.continued(model, Datasets(home).get(data))
    rate = tuning.full_settings(Recipe.read(model.folder / RECIPE)).learning_rate
    every = max(1, steps // LOOKS)
    settings = {
        "steps": steps, "validate_every": every, "sample_every": 0, "holdout": 0.15,
        "learning_rate": rate, "final_rate": 1.0, "warmup": 0.0, "ema": 0.98, "threads": 0,
        "checkpoint_seconds": 3600.0,
    }  # fmt: skip
    own = recipes.changed(own, {}, settings).model_copy(update={"seed": seed})
    scratch = scores(home, alone(own, parent))
    tuned = scores(home, own)
    first, best = min(scratch, key=lambda row: row[1])
    reached = next((step for step, value in tuned if value <= best), 0)
    ratio = first / reached if reached else 0.0
    note = (
        f"{data}, validation {best:.4g}: from scratch at step {first}, from {parent} at step "
        f"{reached or 'none'}; best {min(value for _, value in tuned):.4g} of {steps} steps"
    )
    return Row(f"steps saved by going on from {parent}", ratio, "x", BAR, "at least", note)


def alone(recipe: Recipe, parent: str) -> Recipe:
    """The same networks without the parent's weights."""
    config = Library(Home(Path("nowhere"))).get(parent).manifest.config
    same = {"size": str(config["size"]), "channels": str(config["channels"])}
    options = {**recipe.options, **same, "conditional": False}
    return recipe.model_copy(update={"start_from": "", "options": options, "model": "alone"})


def scores(home: Home, recipe: Recipe) -> Scores:
    """(step, validation score) over a training, lower being better."""
    body = {"recipe": recipes.to_body(recipe), "base": str(bundled_models())}
    run = ""
    for event in inline.run("train", "train", body, home):
        if getattr(event, "text", "").startswith("Run "):
            run = event.text.removeprefix("Run ")  # type: ignore[union-attr]
        if event.kind == "progress":
            print(f"\r{recipe.model}: {event.text}   ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    found = [row for row in Runs(home).metrics(run) if any(k.startswith("valid/") for k in row)]
    names = [name for name in ("valid/distance", "valid/bound") if name in found[0]]
    return [(int(row["step"]), float(row[names[0]])) for row in found]  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
