"""Texts for the bundled text models: `python setup/text_sets.py SET DATA OUT`.

SET is stories, shakespeare, products, recipes or python; DATA the folder with the prepared sets
(text-tales, …). OUT gets what `genstudio data add OUT --name SET` reads: one file a work, in a
folder for each kind of story, or a table with a row for each text.

Fields stand before what is to be written, one a line ("Tone: friendly"), so that a prompt with
the same lines asks for it. A file of code is followed by its own functions, each after a line
with its task: parts of one file never fall on both sides of the split.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from genstudio.core import files  # noqa: E402

BREAK = "<|endoftext|>"
KINDS = ("tales", "fantastic", "novels")
TABLE = "texts.jsonl"
File = tuple[str, str]
"""A file to write: its path below OUT and its text."""


def whole(path: Path) -> str:
    """The text of a packed file."""
    with lzma.open(path, "rt", encoding="utf-8") as text:
        return text.read()


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a packed table."""
    return [json.loads(line) for line in whole(path).splitlines()]


def stories(data: Path) -> Iterator[File]:
    """tales, fantastic and novels, a folder each: the folder becomes the class."""
    for kind in KINDS:
        folder = data / f"text-{kind}"
        listed = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        works = whole(folder / f"{kind}.txt.xz").split(BREAK)
        for number, work in enumerate(works):
            # The last source of the tales is a collection whose tales stand alone.
            source = listed[min(number, len(listed) - 1)]["file"]
            part = f" {number - len(listed) + 2}" if len(works) > len(listed) <= number + 1 else ""
            yield f"{kind}/{plain(source)}{part}.txt", work.strip() + "\n"


def plain(source: str) -> str:
    """ "H.G. Wells/The Time Machine.md" as a file name without folders and suffix."""
    words = re.sub(r"\.(md|txt|xhtml)$", "", source).replace("/", " - ")
    return re.sub(r'[\\:*?"<>|]', "", words).strip()


def shakespeare(data: Path) -> Iterator[File]:
    """Tiny Shakespeare as it is."""
    yield "shakespeare.txt", whole(data / "text-shakespeare" / "tinyshakespeare.txt.xz")


def products(data: Path) -> Iterator[File]:
    """Fields of a product, then its description."""
    found = rows(data / "text-product-descriptions" / "products.jsonl.xz")
    yield _table(_product(row) for row in found)


def _product(row: dict[str, Any]) -> str:
    fields = {
        "Product": row["name"],
        "Category": row["category"],
        "Material": row["material"],
        "Features": "; ".join(row["features"]),
        "Tone": row["tone"],
        "Description": row["description"],
    }
    return "\n".join(f"{name}: {value}" for name, value in fields.items())


def recipes(data: Path) -> Iterator[File]:
    """Title and tags, then the recipe."""
    found = rows(data / "text-recipes" / "recipes.jsonl.xz")
    yield _table(
        f"# {row['title'].strip(chr(39))}\nTags: {', '.join(row['tags'])}\n\n{row['text'].strip()}"
        for row in found
    )


def python(data: Path) -> Iterator[File]:
    """Files of code, each followed by its functions after a line with their task."""
    folder = data / "text-python-code"
    functions: dict[str, list[str]] = {}
    for row in rows(folder / "functions.jsonl.xz"):
        task = f"# Task: {' '.join(row['doc'].split())}\n{row['code'].strip()}"
        functions.setdefault(row["src"], []).append(task)
    texts = []
    for code in whole(folder / "python.txt.xz").split(BREAK):
        first, _, rest = code.strip().partition("\n")
        own = functions.get(first.removeprefix("# file: ").strip(), [])
        texts.append("\n\n\n".join([rest.strip(), *own]))
    yield _table(iter(texts))


def _table(texts: Iterator[str]) -> File:
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    return TABLE, "\n".join(lines) + "\n"


SETS: dict[str, Callable[[Path], Iterator[File]]] = {
    "stories": stories,
    "shakespeare": shakespeare,
    "products": products,
    "recipes": recipes,
    "python": python,
}


def main(arguments: list[str]) -> None:
    """Write one of SETS into an empty or new folder."""
    name, data, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    count = 0
    for path, text in SETS[name](data):
        files.write_text(files.make_folder((out / path).parent) / Path(path).name, text)
        count += 1
    print(f"{name}: {count} file{'' if count == 1 else 's'} in {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
