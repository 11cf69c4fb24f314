"""Captioned sets for the bundled text-to-image models: `python setup/prompt_sets.py SET DATA OUT`.

SET is avatars, characters or emoji; DATA the folder with the prepared sets (avatars-micah, …).
OUT gets pictures with their captions beside them, which `genstudio data add OUT --name SET` reads.

The first line of a caption names every attribute, one between commas; the others say some of it
as a person would. Colours are named after the pictures themselves, because the sets name them by
nearest colour ("cream" for pink). Words for people (woman, man, person) are drawn at random: the
drawings do not say who somebody is, so the model is not to guess it either.
"""

from __future__ import annotations

import io
import json
import lzma
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from genstudio.core import files  # noqa: E402
from genstudio.media import image  # noqa: E402

PEOPLE = ("person", "woman", "man", "girl", "boy", "face", "character", "avatar", "someone")
HAIR = {
    "full": "long hair",
    "pixie": "wavy bob",
    "danny phantom": "fringe",
    "fonze": "quiff",
    "mr t": "mohawk",
    "turban": "turban",
    "mr clean": "bald",
    "doug funny": "almost bald",
}
MOUTH = {
    "smile": "smiling",
    "laughing": "laughing",
    "sad": "sad",
    "frown": "frowning",
    "pucker": "kissing",
    "smirk": "smirking",
    "surprised": "surprised",
    "nervous": "nervous",
}
SKIN = {"very dark": "dark", "medium brown": "medium"}
COLOURS = {
    "blue": (0x6BD9E9,),
    "purple": (0x9287FF,),
    "brown": (0x77311D,),
    "auburn": (0xAC6651,),
    "mint": (0xD2EFF3,),
    "silver": (0xE0DDFF,),
    "yellow": (0xF4D150,),
    "peach": (0xF9C9B6,),
    "pink": (0xFC909F,),
    "blonde": (0xFFEBA4,),
    "white": (0xFFEDEF, 0xFFFFFF),
    "black": (0x000000,),
}
"""The drawing's own palette for hair and clothes; cloth that is "blonde" is called cream."""
BACKGROUNDS = {
    "purple": (0xC0AEDE,),
    "blue": (0xB6E3F4,),
    "green": (0xD1F4D9,),
    "lavender": (0xD1D4F9,),
    "yellow": (0xF8F0C8,),
    "pink": (0xFFD5DC,),
    "orange": (0xFFDFBF,),
}
STYLES = {"3d": "3D", "flat": "flat", "color": "gradient"}
SLOTS = ("background", "body", "accessory", "head", "glasses")
COMPOSED = 64_000
"""Nouns characters made beside the 16,384 of the prepared set: of those alone, words for small
parts are learnt by heart together with the rest of the picture."""
Example = tuple[np.ndarray, list[str]]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The captions of a prepared set."""
    with lzma.open(folder / "captions.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def pictures_of(path: Path, rows: list[dict[str, Any]], side: int) -> Iterator[np.ndarray]:
    """The pictures of a prepared zip on white, uint8 (side, side, 3)."""
    with zipfile.ZipFile(path) as packed:
        for row in rows:
            found = Image.open(io.BytesIO(packed.read(row["file"]))).convert("RGBA")
            if found.size != (side, side):
                found = found.resize((side, side), Image.Resampling.LANCZOS)
            laid = Image.new("RGBA", found.size, "white")
            laid.alpha_composite(found)
            yield np.asarray(laid.convert("RGB"))


def nearest(names: Mapping[str, tuple[int, ...]], pixel: np.ndarray) -> str:
    """The name whose colour (0xRRGGBB) lies nearest to an RGB value."""
    points = [(name, value) for name, values in names.items() for value in values]
    colours = np.array([[v >> 16, v >> 8 & 255, v & 255] for _, v in points], float)
    return points[int(((colours - pixel) ** 2).sum(1).argmin())][0]


def avatars(data: Path, random: Random) -> Iterator[Example]:
    """avatars-micah at 64 pixels."""
    folder = data / "avatars-micah"
    rows = rows_of(folder)
    for row, pixels in zip(rows, pictures_of(folder / "images_64.zip", rows, 64), strict=True):
        parts = _avatar(row["attrs"], pixels)
        yield pixels, [_list("avatar", parts), *(_person(parts, random) for _ in range(4))]


def _avatar(has: dict[str, str], pixels: np.ndarray) -> dict[str, str]:
    """What there is to see, by attribute; "" for nothing."""
    cloth = nearest(COLOURS, pixels[61, 32]).replace("blonde", "cream")
    style = HAIR[has["hair"]]
    found = {"skin": f"{SKIN.get(has['skin'], has['skin'])} skin", "style": style}
    found["hair"] = "" if "bald" in style else f"{_hair(has['hair_color'], pixels)} hair"
    found["mouth"] = MOUTH[has["mouth"]]
    found["glasses"] = has["glasses"] and f"{has['glasses']} glasses"
    found["beard"] = {"beard": "beard", "scruff": "stubble", "": ""}[has["facial_hair"]]
    found["earrings"] = {"hoop": "hoop earrings", "stud": "stud earrings", "": ""}[has["earrings"]]
    found["shirt"] = f"{cloth} shirt"
    found["neck"] = {"collared": "collar", "crew": "crew neck", "open": "open neck"}[has["shirt"]]
    found["background"] = f"{nearest(BACKGROUNDS, pixels[2:6, 2:6].mean((0, 1)))} background"
    return found


def _hair(named: str, pixels: np.ndarray) -> str:
    """The hair's colour; names that the set gives to several colours are told apart."""
    plain = {"sky blue": "blue", "lavender": "purple"}
    several = {"peach": ("peach", "blonde"), "white": ("white", "silver")}
    if named not in several:
        return plain.get(named, named)
    head = pixels[2:34].reshape(-1, 3).astype(float)
    return max(several[named], key=lambda name: _count(head, COLOURS[name]))


def _count(pixels: np.ndarray, colours: tuple[int, ...]) -> int:
    return sum(
        int((np.abs(pixels - [v >> 16, v >> 8 & 255, v & 255]).max(1) < 8).sum()) for v in colours
    )


def _list(start: str, parts: dict[str, str]) -> str:
    return ", ".join([start, *filter(None, parts.values())])


def _person(parts: dict[str, str], random: Random) -> str:
    """Some of the attributes in a sentence."""
    kept = {key: word for key, word in parts.items() if word and random.random() < 0.75}
    hair = kept.get("hair", "")
    style = kept.get("style", "")
    if hair and style and random.random() < 0.7:
        colour = hair.removesuffix(" hair")
        hair, style = f"{colour} {style}" if "hair" not in style else f"long {colour} hair", ""
    elif hair and random.random() < 0.3:
        hair = f"{hair.removesuffix(' hair')}-haired"
    adjectives = [hair] if hair.endswith("-haired") else []
    adjectives += [style] if "bald" in style else []
    adjectives += [kept["mouth"]] if "mouth" in kept and random.random() < 0.5 else []
    things = [x for x in (hair, style) if x and x not in adjectives]
    things += [kept[key] for key in ("glasses", "beard", "earrings", "skin") if key in kept]
    random.shuffle(things)
    words = " ".join(["a", *adjectives, random.choice(PEOPLE)])
    if things:
        words += " with " + " and ".join([", ".join(things[:-1]), things[-1]]).removeprefix(" and ")
    if "mouth" in kept and kept["mouth"] not in adjectives:
        words += f", {kept['mouth']}"
    if "shirt" in kept:
        words += random.choice((", wearing a ", " in a ", ", ")) + kept["shirt"]
    tail = [kept[key] for key in ("neck", "background") if key in kept]
    return ", ".join([words, *tail])


def characters(data: Path, random: Random) -> Iterator[Example]:
    """nouns-characters, COMPOSED more of their parts, and avatars-pixelart: all on 32 pixels."""
    folder = data / "nouns-characters"
    with lzma.open(folder / "nouns32.npz.xz") as packed:
        stored = np.load(io.BytesIO(packed.read()))
    nouns = rows_of(folder)
    for row, index in zip(nouns, stored["index"], strict=True):
        yield stored["palette"][index][..., :3], _noun(row)
    folder = data / "avatars-pixelart"
    rows = rows_of(folder)
    for row, pixels in zip(rows, pictures_of(folder / "images_32.zip", rows, 32), strict=True):
        words = row["caption"].removeprefix("pixel art face, ")
        some = [part for part in words.split(", ") if random.random() < 0.7]
        random.shuffle(some)
        yield pixels, [f"portrait, {words}", f"a {random.choice(PEOPLE)} with {', '.join(some)}"]
    yield from _composed(data / "nouns-characters", nouns, random)


def _noun(row: dict[str, Any]) -> list[str]:
    """What can be said of a Nouns character."""
    parts = {
        "head": f"{row['head']} head",
        "body": f"{row['body']} body",
        "glasses": f"{row['glasses']} glasses",
        "accessory": f"{row['accessory']} accessory",
        "background": f"{row['background']} background",
    }
    wears = f"{row['glasses'].removeprefix('square ')} glasses"
    return [
        _list("noun", parts),
        f"a {row['head']} with {wears}",
        f"{row['head']} character, {row['body']} body, {wears}",
        f"{row['head']} head, {row['body']} body",
        f"a {row['head']} with {wears}, a {row['body']} body and {row['accessory']}",
        f"{row['head']} character, {row['accessory']} accessory, {row['body']} body",
    ]


def _composed(folder: Path, rows: list[dict[str, Any]], random: Random) -> Iterator[Example]:
    """COMPOSED characters that are not in the prepared set, drawn from its parts at random.

    A picture is its layers over one another: background, body, accessory, head, glasses, whose
    numbers are a row's "seed". From the rows, too, come the words for each part.
    """
    parts = np.load(folder / "parts.npz")
    layers = [parts[name] for name in ("bodies", "accessories", "heads", "glasses")]
    said: list[dict[int, str]] = [{}, {}, {}, {}, {}]
    for row in rows:
        for words, slot, number in zip(said, SLOTS, row["seed"], strict=True):
            words[number] = row[slot]
    known = {tuple(row["seed"]) for row in rows}
    for _ in range(COMPOSED):
        seed = tuple(random.choice(list(words)) for words in said)
        if seed in known:
            continue
        known.add(seed)
        index = np.full(layers[0].shape[1:], parts["bg"][seed[0]], np.uint8)
        for layer, number in zip(layers, seed[1:], strict=True):
            index = np.where(layer[number] > 0, layer[number], index)
        row = {slot: words[n] for slot, words, n in zip(SLOTS, said, seed, strict=True)}
        yield parts["palette"][index], _noun(row)


def emoji(data: Path, random: Random) -> Iterator[Example]:
    """fluent-emoji at 64 pixels in three styles, without the variants by skin tone."""
    folder = data / "fluent-emoji"
    rows = [row for row in rows_of(folder) if not row["tone"]]
    for row, pixels in zip(rows, pictures_of(folder / "images_128.zip", rows, 64), strict=True):
        style, name = STYLES[row["style"]], row["name"]
        more = [word for word in row["keywords"] if word != name]
        yield (
            pixels,
            [
                ", ".join([f"{style} emoji", name, *more[:5]]),
                f"{name}, {style}",
                f"{style} {name} emoji",
                f"{random.choice(more or [name])}, {name}, {style} style",
            ],
        )


SETS: dict[str, Callable[[Path, Random], Iterator[Example]]] = {
    "avatars": avatars,
    "characters": characters,
    "emoji": emoji,
}


def write(name: str, data: Path, out: Path) -> int:
    """Write set `name` as pictures with captions beside them; how many there are."""
    count = 0
    for count, (pixels, captions) in enumerate(SETS[name](data, Random(0)), start=1):
        place = out / f"{count:05d}.png"
        files.write_passing(place, image.png(np.ascontiguousarray(pixels)))
        lines = list(dict.fromkeys(captions))
        files.write_passing(place.with_suffix(".txt"), "\n".join(lines).encode())
    return count


if __name__ == "__main__":
    wanted, source, target = sys.argv[1:4]
    print(f"{write(wanted, Path(source), Path(target)):,} pictures in {target}")
