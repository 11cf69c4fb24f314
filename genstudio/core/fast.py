"""Fast copies: the graphs of a model in 8-bit whole numbers, kept in the data folder.

`fast/<model>/<key>/` holds `fast.json` and one `<graph>.onnx` for each graph that was copied. The
key is a hash of the package's graphs and weights: a model trained anew has no copy yet. A copy is
made on request, never travels with a package, and may be deleted at any time. It carries what it
was measured to cost; where that is above the bounds below, the record says so and holds no graph.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field

from genstudio.core import files
from genstudio.core.controls import Switch
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import WEIGHTS, FileEntry, Manifest, Sha256
from genstudio.core.paths import Home
from genstudio.core.stored import Long, Name, Short, Stored

FAST_FILE = "fast.json"
LEAST_TIMES = 1.1
"""A copy that is not so many times faster is not worth its loss."""
LEAST_PSNR = 20.0
"""dB between pictures of the copy and of the model itself at the same seeds, on average."""
MOST_CHANGE = 0.10
"""How much farther from other pictures of the model those of its copy may lie (Fréchet)."""
MOST_PERPLEXITY = 0.02
"""How much more the copy of a model of text may be perplexed by what the model itself writes."""

SWITCH = Switch(
    name="fast",
    label="Fast (int8)",
    more=True,
    help="Use the copy of the model that works with 8-bit whole numbers, where one was made: "
    "faster on the processor, a little less exact.",
)
"""The control of tasks whose graphs may have a copy; without a copy it changes nothing."""


class FastCopy(Stored):
    """What was made and measured. `refused` says why it is not offered ("" where it is).

    `times`: how many times faster a call is. `psnr` in dB, at the same seeds. `distance` and
    `floor`: Fréchet distances of the copy's and of the model's own pictures to further pictures
    of the model, seen by `judge`; None without a judge. Of models of text only `perplexity` is
    measured: how much higher (share) the copy's is than the model's own, on `samples` tokens that
    the model wrote.
    """

    model: Name
    key: Sha256
    files: tuple[FileEntry, ...] = ()
    times: Annotated[float, Field(ge=0)]
    psnr: float | None = None
    perplexity: float | None = None
    distance: float | None = None
    floor: float | None = None
    samples: Annotated[int, Field(ge=0)] = 0
    judge: Short = ""
    refused: Long = ""
    created: Short = ""
    machine: Short = ""

    @property
    def change(self) -> float | None:
        """(distance - floor) / floor; None where it was not measured."""
        if self.distance is None or not self.floor:
            return None
        return self.distance / self.floor - 1

    def in_words(self) -> str:
        """Gain and loss in one sentence."""
        faster = f"{self.times:.2g} times as fast a step"
        if self.perplexity is not None:
            loss = f"perplexity {self.perplexity:+.2%}".replace("%", " %")
            return f"{faster}, {loss} ({self.samples} tokens)"
        parts = [faster, f"pictures at {self.psnr or 0.0:.0f} dB PSNR to the full ones"]
        if self.change is not None:
            parts.append(f"Fréchet distance {self.change:+.0%}".replace("%", " %"))
        how = f"{self.samples} pictures{f', judge {self.judge}' if self.judge else ''}"
        return f"{', '.join(parts)} ({how})"


def why_refused(times: float, psnr: float, change: float | None) -> str:
    """The sentence that says which bound is not kept, or ""."""
    if not psnr >= LEAST_PSNR:
        return (
            f"its pictures differ too much: {psnr:.0f} dB PSNR to those of the model itself, "
            f"{LEAST_PSNR:.0f} are the least"
        )
    if change is not None and not change <= MOST_CHANGE:
        return (
            f"its pictures are worse: their Fréchet distance is {change:.0%} larger, "
            f"{MOST_CHANGE:.0%} are the most"
        ).replace("%", " %")
    return _too_slow(times)


def why_text_refused(times: float, perplexity: float) -> str:
    """The same of a model of text."""
    if not perplexity <= MOST_PERPLEXITY:
        return (
            f"it writes worse: its perplexity is {perplexity:.1%} higher, "
            f"{MOST_PERPLEXITY:.0%} are the most"
        ).replace("%", " %")
    return _too_slow(times)


def _too_slow(times: float) -> str:
    if times >= LEAST_TIMES:
        return ""
    return f"it is only {times:.2f} times as fast on this computer"


def key(manifest: Manifest) -> str:
    """SHA-256 over the hashes of a package's weights and graphs."""
    wanted = {WEIGHTS, *(graph.file for graph in manifest.graphs)}
    lines = sorted(f"{e.name} {e.sha256}" for e in manifest.files if e.name in wanted)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def folder(home: Home, manifest: Manifest) -> Path:
    """Where the copy of these very weights lies; it may not be there."""
    return home.root / "fast" / manifest.id / key(manifest)[:16]


def read(home: Home, manifest: Manifest) -> FastCopy | None:
    """What was made of these very weights, also where it was refused; None: nothing yet."""
    try:
        found = FastCopy.read(folder(home, manifest) / FAST_FILE)
    except GenStudioError:
        return None  # never made, or damaged: it can be made again
    return found if found.key == key(manifest) else None


def offered(home: Home, manifest: Manifest) -> FastCopy | None:
    """The copy, where there is one that kept the bounds."""
    found = read(home, manifest)
    return found if found is not None and not found.refused else None


def keep(home: Home, manifest: Manifest, found: FastCopy, graphs: dict[str, bytes]) -> None:
    """Write the record and its graphs by name, and let go of copies of earlier weights.

    Raises DiskFull, ReadOnly.
    """
    place = folder(home, manifest)
    with files.new_folder(place, replace=True) as temp:
        for name, data in graphs.items():
            files.write_bytes(temp / f"{name}.onnx", data)
        files.write_bytes(temp / FAST_FILE, found.to_bytes())
    for other in place.parent.iterdir():
        if other != place and other.is_dir() and not other.name.startswith(files.TEMP_MARK):
            files.remove(other)


def remove(home: Home, model: str) -> bool:
    """Delete every copy of a model; False where there was none."""
    place = home.root / "fast" / model
    found = place.is_dir()
    files.remove(place)
    return found
