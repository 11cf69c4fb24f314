"""The sheet of a sweep as a file: what it says of itself at each level."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.errors import UsageError
from genstudio.core.request import Request
from genstudio.core.series import Item, Series
from genstudio.core.sweep import Axis
from genstudio.media import animation, image, provenance
from genstudio.studio import sheets
from tests.helpers import results
from tests.helpers.making import picture

AMOUNT = Axis(name="amount", label="Amount", values=(0.0, 1.0), labels=("0", "1"))
BASE = Request(
    model="toy-gan",
    task="sample",
    seed=3,
    values={"count": 1, "amount": 0.5, "kind": "boot", "variation": 0.0, "variation_seed": 4},
    inputs={"image": "/home/me/secret/cat.png"},
)
SWEEP = Series(id="sweep-1", title="Toys: Amount", base=BASE, items=(Item(), Item()), x=AMOUNT)


@pytest.fixture
def paths(tmp_path):
    made = [tmp_path / "a.png", tmp_path / "b.png"]
    for number, path in enumerate(made):
        files.write_bytes(path, image.png(picture(28, 28, seed=number)))
    return made


def test_the_sheet_can_be_made_again_from_what_it_says(paths, tmp_path):
    like = results.provenance(seed=3).model_copy(update={"licence": "MIT", "data": ("toys",)})
    path = sheets.write(SWEEP, paths, like, tmp_path / "out")
    assert path.name == "toy-gan-3-sweep.png"
    made = provenance.read(path).provenance
    assert (made.licence, made.data, made.title) == ("MIT", ("toys",), like.title)
    assert made.request.values == BASE.values
    assert made.request.inputs == {"image": "cat.png"}
    assert made.facts["sweep_x"] == {"setting": "amount", "find": "", "values": [0.0, 1.0]}
    assert (made.group.id, made.group.name) == ("sweep-1", "sheet")
    assert "sweep_y" not in made.facts
    assert sheets.write(SWEEP, paths, None, tmp_path / "out").name == "toy-gan-3-sweep-1.png"


@pytest.mark.parametrize(("level", "told"), [("full", True), ("label", False), ("bare", False)])
def test_levels_of_metadata(paths, level, told):
    data = sheets.encoded(SWEEP, paths, None, level=level)
    found = provenance.read(data)
    assert (found.provenance is not None) == told
    assert bool(found.source_uri) == (level != "bare")
    assert b"secret" not in data


def test_animations_stand_with_their_first_frame(paths, tmp_path):
    frames = np.stack([picture(16, 16, seed=5), picture(16, 16, seed=6)])
    moving = tmp_path / "m.gif"
    files.write_bytes(moving, animation.encode(frames, ".gif", 4))
    with_frame = sheets.encoded(SWEEP, [moving, None], None)
    assert image.read(with_frame).shape[2] == 3


def test_only_a_sweep_has_a_sheet(paths):
    plain = Series(id="list-1", title="Toys", base=BASE, items=(Item(), Item()))
    with pytest.raises(UsageError, match="Only a sweep"):
        sheets.encoded(plain, paths, None)


def test_the_foot_names_what_all_cells_share():
    assert sheets.settings_of(SWEEP) == "toy-gan · seed 3 · kind boot"
    by_seed = SWEEP.model_copy(update={"x": AMOUNT.model_copy(update={"name": "seed"})})
    assert sheets.settings_of(by_seed) == "toy-gan · amount 0.5 · kind boot"
