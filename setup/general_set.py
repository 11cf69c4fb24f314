"""All open picture sets as one labelled set: `python setup/general_set.py DATA OUT`.

DATA is the folder with the prepared sets (fashion-mnist, nouns-characters, …), OUT gets
general.npz and classes.txt, which `genstudio data add OUT --name general` reads. The general
judge (models/general-judge) is trained on it. Classes are called "set: class"; no set gives more
than 6,000 pictures, so that none dominates. A tenth is kept for testing; where pictures come in
variants of one thing (an emoji in three styles and six skin tones), all variants of a thing are
on the same side.

`python setup/general_set.py credits PACKAGE` writes the sets with their licences into a package
that was trained on the whole.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import lzma
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from genstudio.core import card, files  # noqa: E402
from genstudio.core.manifest import CARD, MANIFEST, FileEntry, Manifest, TrainedOn  # noqa: E402
from genstudio.datasets.known import FASHION  # noqa: E402
from genstudio.media import image  # noqa: E402

SIDE = 32
MOST = 6000
FEWEST = 20
"""Classes with fewer pictures are left out: there is nothing to learn and nothing to test."""
DARK = (24, 22, 32)
"""Behind the sprites, which were drawn for a dark floor."""


@dataclass(frozen=True)
class Example:
    """A picture uint8 (SIDE, SIDE, 3), its class, and what must not be torn apart."""

    pixels: np.ndarray
    word: str
    thing: str
    test: bool | None = None


Read = Callable[[Path], Iterator[Example]]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The captions of a set, one dict a picture."""
    with lzma.open(folder / "captions.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fitted(pixels: np.ndarray, behind: tuple[int, int, int] = (255, 255, 255)) -> np.ndarray:
    """Any picture uint8 (h, w, c) as (SIDE, SIDE, 3); what is see-through gets a colour."""
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(np.float32) / 255
        mixed = pixels[..., :3] * alpha + np.array(behind, np.float32) * (1 - alpha)
        pixels = np.rint(mixed).astype(np.uint8)
    return image.fit(pixels, SIDE, 3)


def pictures(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """(name, pixels (h, w, c)) of each picture of a zip file."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith("/"):
                yield name, image.read(archive.read(name))


def fashion(folder: Path) -> Iterator[Example]:
    """Clothes; the tests are the official ones."""
    names = FASHION.classes
    for part, count in (("train", MOST - 1000), ("t10k", 1000)):
        images = _idx(folder / f"{part}-images-idx3-ubyte.gz")[:count]
        labels = _idx(folder / f"{part}-labels-idx1-ubyte.gz")[:count]
        for row, (pixels, label) in enumerate(zip(images, labels, strict=True)):
            pixels = fitted(pixels[..., None])
            yield Example(pixels, names[label], f"{part} {row}", part == "t10k")


def nouns(folder: Path) -> Iterator[Example]:
    """Characters with one of the 70 most frequent of 254 heads; other parts vary freely."""
    with np.load(io.BytesIO(lzma.open(folder / "nouns32.npz.xz").read())) as arrays:
        images = arrays["palette"][arrays["index"]]
    rows = rows_of(folder)
    common = {head for head, _ in Counter(row["head"] for row in rows).most_common(70)}
    for row, pixels in zip(rows, images, strict=True):
        if row["head"] in common:
            yield Example(fitted(pixels), f"{row['head']} head", str(row["i"]))


def pixel_faces(folder: Path) -> Iterator[Example]:
    """Faces of few pixels: hair, glasses, beard, hat."""
    rows = rows_of(folder)
    for row, (_, pixels) in zip(rows, pictures(folder / "images_32.zip"), strict=True):
        known = row["attrs"]
        extra = [word for word in ("glasses", "beard", "hat") if known[word]]
        yield Example(fitted(pixels), ", ".join([f"{known['hair']} hair", *extra]), str(row["i"]))


def drawn_faces(folder: Path) -> Iterator[Example]:
    """Drawn avatars: hair and glasses."""
    rows = rows_of(folder)
    for row, (_, pixels) in zip(rows, pictures(folder / "images_64.zip"), strict=True):
        known = row["attrs"]
        glasses = f", {known['glasses']} glasses" if known["glasses"] else ""
        yield Example(fitted(pixels), f"{known['hair']} hair{glasses}", str(row["i"]))


def emoji(folder: Path) -> Iterator[Example]:
    """Emoji by style and group."""
    rows = rows_of(folder)
    for row, (_, pixels) in zip(rows, pictures(folder / "images_128.zip"), strict=True):
        yield Example(fitted(pixels), f"{row['style']}, {row['group']}", row["unicode"][:5])


def sprites(folder: Path) -> Iterator[Example]:
    """Game tiles by category and kind; rare kinds count for their category."""
    with np.load(folder / "sprites32_rgba.npz") as arrays:
        images = arrays["x"]
    rows = rows_of(folder)
    kinds = [" ".join([r["category"], r["sub"].partition("/")[0]]).strip() for r in rows]
    amounts = Counter(kinds)
    for row, kind, pixels in zip(rows, kinds, images, strict=True):
        word = kind if amounts[kind] >= FEWEST else f"{row['category']}, other"
        yield Example(fitted(pixels, DARK), word, row["name"])


def fruits(folder: Path) -> Iterator[Example]:
    """Photographs of fruit by variety."""
    rows = rows_of(folder)
    for row, (_, pixels) in zip(rows, pictures(folder / "fruits64.zip"), strict=True):
        yield Example(fitted(pixels), row["variety"], str(row["i"]))


def folders_of(folder: Path) -> Iterator[Example]:
    """A zip with one folder for each class."""
    archive = next(folder.glob("*.zip"))
    for name, pixels in pictures(archive):
        yield Example(fitted(pixels), name.partition("/")[0], name)


@dataclass(frozen=True)
class OpenSet:
    """One set: how it is read and whom to thank."""

    name: str
    read: Read
    licence: str
    attribution: str
    source: str


SETS = (
    OpenSet(
        "fashion-mnist", fashion, "MIT",
        "Fashion-MNIST, (c) 2017 Zalando SE; Xiao, Rasul, Vollgraf 2017",
        "github.com/zalandoresearch/fashion-mnist",
    ),
    OpenSet(
        "nouns-characters", nouns, "CC0 1.0", "Nouns art, nouns.wtf",
        "github.com/nounsDAO/nouns-monorepo",
    ),
    OpenSet(
        "avatars-pixelart", pixel_faces, "CC0 1.0",
        "DiceBear \"Pixel Art\" by Florian Körner", "npm @dicebear/pixel-art 9",
    ),
    OpenSet(
        "avatars-micah", drawn_faces, "CC BY 4.0",
        "Avatar Illustration System by Micah Lanier, CC BY 4.0, rendered with DiceBear",
        "npm @dicebear/micah 9",
    ),
    OpenSet(
        "fluent-emoji", emoji, "MIT", "Fluent Emoji, (c) Microsoft Corporation",
        "github.com/microsoft/fluentui-emoji",
    ),
    OpenSet(
        "noto-emoji", emoji, "Apache-2.0", "Noto Emoji, (c) Google LLC",
        "github.com/googlefonts/noto-emoji",
    ),
    OpenSet(
        "pixel-sprites-dcss", sprites, "CC0 1.0",
        '"Dungeon Crawl Stone Soup" tiles', "github.com/crawl/tiles",
    ),
    OpenSet(
        "fruits-photo", fruits, "CC BY-SA 4.0", "Fruits-360, (c) 2017- Mihai Oltean",
        "github.com/fruits-360/fruits-360-3-body-problem",
    ),
    OpenSet(
        "medical-mednist", folders_of, "CC BY-SA 4.0",
        "MedNIST by Dr. Bradley J. Erickson, Mayo Clinic; sources: TCIA, NIH Clinical Center "
        "ChestX-ray14 (Wang et al. 2017)",
        "github.com/apolanco3225/Medical-MNIST-Classification",
    ),
    OpenSet(
        "medical-bloodcells", folders_of, "MIT",
        "BCCD Dataset, (c) 2017 shenggan (images by cosmicad and akshaylamba)",
        "github.com/Shenggan/BCCD_Dataset",
    ),
)  # fmt: skip


def chosen(examples: list[Example]) -> list[Example]:
    """At most MOST of a set: large classes give way first, by a hash of the thing."""
    classes: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        classes[example.word].append(example)
    classes = {word: some for word, some in classes.items() if len(some) >= FEWEST}
    most = _ceiling([len(some) for some in classes.values()], MOST)
    kept = []
    for some in classes.values():
        kept += sorted(some, key=lambda example: _hash(example.thing))[:most]
    return kept


def _ceiling(sizes: list[int], total: int) -> int:
    """The largest class size with which all classes together stay below `total`."""
    most = max(sizes, default=0)
    while most > 1 and sum(min(size, most) for size in sizes) > total:
        most -= 1
    return most


def is_test(example: Example) -> bool:
    """A tenth of the things, whatever the order, and always the same."""
    return _hash(f"test {example.thing}") % 10 == 0 if example.test is None else example.test


def build(data: Path, out: Path) -> dict[str, int]:
    """Write general.npz and classes.txt into `out`; returns how many each set gave to train on."""
    sides: dict[bool, list[tuple[np.ndarray, str]]] = {False: [], True: []}
    counts = {}
    for each in SETS:
        kept = chosen(list(each.read(data / each.name)))
        counts[each.name] = sum(not is_test(example) for example in kept)
        for example in kept:
            sides[is_test(example)].append((example.pixels, f"{each.name}: {example.word}"))
        print(f"{each.name}: {len(kept):,} pictures, {len({e.word for e in kept})} classes")
    names = sorted({word for _, word in sides[False]})
    places = {name: place for place, name in enumerate(names)}
    arrays: dict[str, np.ndarray] = {}
    for side, word in ((False, "train"), (True, "test")):
        some = [(pixels, places[name]) for pixels, name in sides[side] if name in places]
        arrays[f"{word}_images"] = np.stack([pixels for pixels, _ in some])
        arrays[f"{word}_labels"] = np.array([label for _, label in some], np.int64)
    files.make_folder(out)
    with files.replacing(out / "general.npz") as handle:
        np.savez_compressed(handle, **arrays)
    files.write_text(out / "classes.txt", "\n".join(names) + "\n")
    return counts


def credit(package: Path, counts: dict[str, int]) -> Manifest:
    """Name every set in the manifest and on the card of a package trained on all of them."""
    manifest = Manifest.read(package / MANIFEST)
    whole = manifest.trained_on[0]
    sets = tuple(
        TrainedOn(
            name=each.name,
            count=counts.get(each.name, 0),
            licence=each.licence,
            attribution=each.attribution,
            source=each.source,
            sha256=whole.sha256,
        )
        for each in SETS
    )
    named = manifest.model_copy(update={"trained_on": sets})
    files.write_bytes(package / CARD, card.to_markdown(named).encode())
    entries = tuple(_entry(package, entry.name) for entry in manifest.files)
    named = named.model_copy(update={"files": entries})
    files.write_bytes(package / MANIFEST, named.to_bytes())
    return named


def _entry(package: Path, name: str) -> FileEntry:
    path = package / name
    return FileEntry(name=name, size=path.stat().st_size, sha256=files.sha256_of(path))


def _idx(path: Path) -> np.ndarray:
    with gzip.open(path) as packed:
        raw = packed.read()
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")


def main(words: list[str]) -> None:
    """Build the set, or write the credits of a package."""
    if len(words) != 2:
        raise SystemExit(__doc__)
    if words[0] == "credits":
        found = ROOT / "out" / "general" / "counts.json"
        credit(Path(words[1]), json.loads(found.read_text()))
        return
    counts = build(Path(words[0]), Path(words[1]))
    files.write_text(Path(words[1]) / "counts.json", json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
