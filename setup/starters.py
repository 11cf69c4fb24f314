"""Makes the starter datasets in resources/datasets: `python setup/starters.py DATA`.

DATA is the folder with the prepared sets (fashion-mnist, fluent-emoji, pixel-sprites-dcss). Each
starter gets its data, a preview, `starter.json` and `LICENSE`, and a licence text in
resources/licences. The same DATA gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from genstudio.core import files  # noqa: E402
from genstudio.datasets.known import FASHION  # noqa: E402
from genstudio.media import image  # noqa: E402
from genstudio.media.resizing import to_pillow  # noqa: E402
from genstudio.studio.starters import STARTER_FILE, StarterFile  # noqa: E402

TARGET = ROOT / "resources" / "datasets"
LICENCES = ROOT / "resources" / "licences"
TILE, COLUMNS, ROWS = 80, 7, 4
DARK = (24, 22, 32)
"""Behind the sprites, which were drawn for a dark floor."""
WHITE = (255, 255, 255)
GROUPS = ("Smileys & Emotion", "Animals & Nature", "Food & Drink", "Activities")
MOST_EMOJI = 500
SPRITES = {"creature": 330, "weapon": 130, "armour": 110, "treasure": 130}
_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def fashion(data: Path) -> None:
    """250 training and 50 test pictures of each class of Fashion-MNIST."""
    arrays: dict[str, np.ndarray] = {}
    for split, words, count in (("train", "train", 250), ("test", "t10k", 50)):
        images = idx(data / "fashion-mnist" / f"{words}-images-idx3-ubyte.gz")
        labels = idx(data / "fashion-mnist" / f"{words}-labels-idx1-ubyte.gz")
        chosen = np.sort(np.concatenate([np.flatnonzero(labels == k)[:count] for k in range(10)]))
        arrays |= {f"x_{split}": images[chosen], f"y_{split}": labels[chosen]}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            packed = io.BytesIO()
            np.lib.format.write_array(packed, array, allow_pickle=False)
            _put(archive, f"{name}.npy", packed.getvalue(), zipfile.ZIP_DEFLATED)
    tiles = range(ROWS * COLUMNS)
    shown = [np.flatnonzero(arrays["y_train"] == k % 10)[k // 10 + 3] for k in tiles]
    _write(
        StarterFile(
            name="fashion",
            title="Fashion",
            text="Clothes and shoes in grey, 28 pixels, in ten classes. The quickest to learn.",
            count=3000,
            licence=FASHION.licence,
            attribution=FASHION.attribution,
            source="https://github.com/zalandoresearch/fashion-mnist",
            file="data.npz",
            classes=FASHION.classes,
        ),
        buffer.getvalue(),
        [arrays["x_train"][place][..., None] for place in shown],
        (0, 0, 0),
        (LICENCES / "data-fashion-mnist.txt").read_text(encoding="utf-8"),
    )


def emoji(data: Path) -> None:
    """Faces, animals, food and games of Fluent Emoji, flat, 64 pixels, with captions."""
    folder, pixels, rows = data / "fluent-emoji", [], []
    with zipfile.ZipFile(folder / "images_128.zip") as archive:
        seen: set[bytes] = set()
        told = [r for r in captions(folder) if r["style"] == "flat" and not r["tone"]]
        for group in GROUPS:
            for row in (row for row in told if row["group"] == group):
                raw = archive.read(row["file"])
                if raw in seen or len(rows) == MOST_EMOJI:
                    continue
                seen.add(raw)
                large = over(image.read(raw), WHITE)
                pixels.append(image.resize(large, 64, 64))
                rows.append({"file_name": Path(row["file"]).name, "caption": row["caption"]})
    names = [f"{Path(row['file_name']).stem}.webp" for row in rows]
    for row, name in zip(rows, names, strict=True):
        row["file_name"] = name
    _write(
        StarterFile(
            name="emoji",
            title="Emoji",
            text="Faces, animals, food and games in flat colours, 64 pixels, each with a caption.",
            count=len(rows),
            licence="MIT",
            attribution="Fluent Emoji, (c) Microsoft Corporation, MIT",
            source="https://github.com/microsoft/fluentui-emoji",
            file="data.zip",
        ),
        _zip(zip(names, pixels, strict=True), rows),
        [pixels[place] for place in _spread(len(pixels))],
        WHITE,
        "Fluent Emoji\nLicence: MIT\nSource: https://github.com/microsoft/fluentui-emoji\n\n"
        f"MIT License\n\nCopyright (c) Microsoft Corporation.\n\n{_MIT}",
    )


def sprites(data: Path) -> None:
    """Creatures, weapons, armour and treasures of Dungeon Crawl Stone Soup, 32 pixels."""
    folder = data / "pixel-sprites-dcss"
    with np.load(folder / "sprites32_rgba.npz") as arrays:
        pictures = arrays["x"]
    left, names, pixels, rows = dict(SPRITES), [], [], []
    for row in captions(folder):
        kind = _kind_of(row)
        picture = over(pictures[row["i"]], DARK)
        # Nearly empty tiles are shadows and effects that mean nothing by themselves.
        if not left.get(kind) or (pictures[row["i"]][..., 3] > 0).mean() < 0.12:
            continue
        left[kind] -= 1
        names.append(f"{kind}/{row['i']:04d}-{row['name'].replace(' ', '-')[:40]}.webp")
        pixels.append(picture)
        rows.append({"file_name": names[-1], "caption": row["caption"]})
    _write(
        StarterFile(
            name="sprites",
            title="Sprites",
            text="Pixel art of a dungeon, 32 pixels: creatures, weapons, armour and treasures.",
            count=len(rows),
            licence="CC0 1.0",
            attribution="Dungeon Crawl Stone Soup tiles, the crawl/tiles project (CC0)",
            source="https://github.com/crawl/tiles",
            file="data.zip",
        ),
        _zip(zip(names, pixels, strict=True), rows),
        [pixels[place] for place in _spread(len(pixels))],
        DARK,
        "Tiles of Dungeon Crawl Stone Soup\nLicence: CC0 1.0\n"
        "Source: https://github.com/crawl/tiles\n\n" + _cc0(),
    )


def idx(path: Path) -> np.ndarray:
    """A gzipped idx file as uint8 (n,) or (n, h, w)."""
    raw = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(raw[4 + 4 * n : 8 + 4 * n], "big") for n in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def captions(folder: Path) -> list[dict[str, Any]]:
    """The rows of captions.jsonl.xz."""
    with lzma.open(folder / "captions.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def over(pixels: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """uint8 (h, w, 4) laid over an even colour: (h, w, 3)."""
    if pixels.shape[2] != 4:
        return image.convert(pixels, 3)
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return np.rint(pixels[..., :3] * alpha + np.array(colour) * (1 - alpha)).astype(np.uint8)


def _kind_of(row: Mapping[str, Any]) -> str:
    category, sub = row["category"], row["sub"].partition("/")[0]
    if category == "monster":
        return "" if sub in ("statues", "vault") else "creature"
    if category != "item":
        return ""
    return sub if sub in ("weapon", "armour") else "treasure"


def _spread(count: int) -> list[int]:
    return [place * count // (ROWS * COLUMNS) for place in range(ROWS * COLUMNS)]


def _zip(pictures: Iterable[tuple[str, np.ndarray]], rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, pixels in pictures:
            packed = io.BytesIO()
            to_pillow(pixels).save(packed, "WEBP", lossless=True, quality=100, method=6)
            _put(archive, name, packed.getvalue(), zipfile.ZIP_STORED)
        _put(archive, "metadata.jsonl", lines.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes, packing: int) -> None:
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = packing
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _preview(pictures: list[np.ndarray], colour: tuple[int, int, int]) -> bytes:
    """COLUMNS x ROWS tiles, each picture enlarged by a whole factor so that pixels stay crisp."""
    page = np.empty((ROWS * TILE, COLUMNS * TILE, 3), np.uint8)
    page[:] = colour
    for place, picture in enumerate(pictures[: ROWS * COLUMNS]):
        factor = max(1, TILE // picture.shape[0])
        large = image.convert(picture, 3).repeat(factor, axis=0).repeat(factor, axis=1)
        top = place // COLUMNS * TILE + (TILE - large.shape[0]) // 2
        left = place % COLUMNS * TILE + (TILE - large.shape[1]) // 2
        page[top : top + large.shape[0], left : left + large.shape[1]] = large
    buffer = io.BytesIO()
    to_pillow(page).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _cc0() -> str:
    return Path("/usr/share/common-licenses/CC0-1.0").read_text(encoding="utf-8")


def _write(
    told: StarterFile,
    data: bytes,
    pictures: list[np.ndarray],
    colour: tuple[int, int, int],
    licence: str,
) -> None:
    folder = TARGET / told.name
    files.write_bytes(folder / told.file, data)
    files.write_bytes(folder / "preview.png", _preview(pictures, colour))
    files.write_text(folder / "LICENSE", licence)
    files.write_bytes(folder / STARTER_FILE, told.to_bytes())
    if told.name != "fashion":
        words = {"emoji": "fluent-emoji", "sprites": "dcss-tiles"}[told.name]
        files.write_text(LICENCES / f"data-{words}.txt", licence)
    print(f"{told.name}: {told.count:,} pictures, {len(data) / 1e6:.2f} MB")


def main(words: list[str]) -> int:
    """Make all three from the folder of prepared sets."""
    if len(words) != 1:
        print("usage: python setup/starters.py DATA", file=sys.stderr)
        return 2
    for make in (fashion, emoji, sprites):
        make(Path(words[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
