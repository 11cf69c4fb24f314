"""Manifest: what a model package says about itself (`model.json`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from genstudio.core.family import Modality
from genstudio.core.stored import Json, Long, Name, Plain, Short, Stored

MAX_SIDE = 4096
MAX_DIM = 2**31
MAX_PACKAGE_BYTES = 8 * 1024**3
MANIFEST = "model.json"
WEIGHTS = "weights.safetensors"
PROBE = "probe.npz"
RECIPE = "recipe.json"
CARD = "card.md"
PREVIEW = "preview.png"
TOKENIZER = "tokenizer.json"
"""How text becomes tokens; only models of tokens have one (`media.tokens`)."""
BASE_WEIGHTS = "base.safetensors"
"""How graphs of an add-on call the weights file of the model that it lies over; there is no such
file in the package."""
FINGERPRINTS = "fingerprints.bin"
"""By which passages of training texts are known again, without the texts (`media.fingerprints`)."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
DType = Literal["float32", "float16", "int64", "int32", "uint8", "bool"]
Dim = Annotated[int, Field(ge=1, le=MAX_DIM)] | Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]


def check_file_name(name: str) -> str:
    """A plain relative name below the package folder, or ValueError."""
    parts = name.split("/")
    bad = any(p in ("", ".", "..") or p != p.strip() or p.endswith(".") for p in parts)
    if bad or len(name) > 200 or any(c in name for c in '\\:*?"<>|') or not name.isprintable():
        raise ValueError(f"{name!r} is not a plain file name inside the package")
    return name


class FileEntry(Plain):
    """One file of the package with its size in bytes and SHA-256."""

    name: str
    size: Annotated[int, Field(ge=0, le=MAX_PACKAGE_BYTES)]
    sha256: Sha256

    _check = field_validator("name")(check_file_name)


class Port(Plain):
    """An input or output of a graph; a word in `shape` is a size that may vary."""

    name: str
    dtype: DType
    shape: Annotated[tuple[Dim, ...], Field(max_length=8)]


class Graph(Plain):
    """One ONNX file."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    file: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    _check = field_validator("file")(check_file_name)


class TrainedOn(Plain):
    """A dataset that went into the weights: `count` pictures, or texts of so many `tokens`."""

    name: Short
    count: Annotated[int, Field(ge=0)] = 0
    tokens: Annotated[int, Field(ge=0)] = 0
    licence: Short = ""
    attribution: Short = ""
    source: Short = ""
    sha256: str = ""


class Training(Plain):
    """Where and how long the weights were trained."""

    steps: Annotated[int, Field(ge=0)] = 0
    batch: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    device: Short = ""
    machine: Short = ""
    software: Short = ""
    parent: Short = ""


class Base(Plain):
    """The model that an add-on lies over: its id, and SHA-256 and size of its weights."""

    id: Name
    title: Short = ""
    sha256: Sha256
    size: Annotated[int, Field(ge=0, le=MAX_PACKAGE_BYTES)]


class Score(Plain):
    """One number of the evaluation with all that is needed to compare it."""

    metric: str
    value: float
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    samples: int = 0
    unit: str = ""
    better: Literal["lower", "higher", "near", ""] = ""
    help: str = ""
    settings: dict[str, Json] = {}


class Manifest(Stored):
    """Everything a reader needs to know before opening a graph.

    With a `base` the package is an add-on: a small change of another model, which must be there.
    """

    id: Name
    title: Short
    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    modality: Modality
    description: Long = ""
    config: dict[str, Json]
    graphs: Annotated[tuple[Graph, ...], Field(min_length=1, max_length=16)]
    precision: Literal["fp32", "fp16", "int8"] = "fp32"
    licence: Short = ""
    base: Base | None = None
    trained_on: tuple[TrainedOn, ...] = ()
    training: Training = Training()
    scores: tuple[Score, ...] = ()
    limits: Long = ""
    created: Short = ""
    created_by: Short = ""
    trainable: bool = True
    files: Annotated[tuple[FileEntry, ...], Field(max_length=1000)]

    @field_validator("config")
    @classmethod
    def _sane_sizes(cls, config: dict[str, Json]) -> dict[str, Json]:
        for key in ("size", "width", "latent", "channels", "classes"):
            value = config.get(key)
            if isinstance(value, (int, float)) and not 0 <= value <= MAX_SIDE:
                raise ValueError(f"config.{key} = {value} is absurd (limit {MAX_SIDE})")
        return config

    @model_validator(mode="after")
    def _complete(self) -> Manifest:
        names = [entry.name for entry in self.files]
        if len({name.casefold() for name in names}) != len(names):
            raise ValueError("two files have the same name")
        for graph in self.graphs:
            if graph.file not in names:
                raise ValueError(f"graph {graph.name} names {graph.file}, which is not listed")
        return self

    @property
    def sha256(self) -> str:
        """Hash of the weights file: the model's identity in metadata ("" when absent)."""
        return next((entry.sha256 for entry in self.files if entry.name == WEIGHTS), "")

    def graph(self, name: str) -> Graph:
        """The graph called `name`; raises KeyError."""
        return next(g for g in self.graphs if g.name == name)
