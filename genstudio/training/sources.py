"""Where the pictures and the first weights of a run come from."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from torch import Tensor

from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.events import Done, Event, Log
from genstudio.core.manifest import MANIFEST, WEIGHTS, Manifest
from genstudio.core.paths import Home, bundled_models
from genstudio.core.recipe import Recipe
from genstudio.core.run import CHECKPOINTS
from genstudio.core.stored import NAME_PATTERN, Json, to_name
from genstudio.core.words import Words
from genstudio.datasets import ingest, store
from genstudio.training import checkpoint, classes, weights
from genstudio.training.objective import Networks


@dataclass(frozen=True)
class Source:
    """A dataset of the data folder and the folder it lies in."""

    dataset: Dataset
    folder: Path


def open_dataset(home: Home, data: str, base: Path | None) -> Generator[Event, None, Source]:
    """The dataset called `data`, or the pictures at a path relative to `base`, read in now.

    A path that was read in before under the same name is not read again.
    Raises NotFound, BadInput.
    """
    if re.fullmatch(NAME_PATTERN, data) and (home.datasets / data).is_dir():
        return Source(store.load(home, data), home.datasets / data)
    path = ((base or Path.cwd()) / data).resolve()
    if not path.exists():
        raise NotFound(
            f"There is no dataset called {data!r}, nor anything at {path}",
            next_step="Add the pictures with `genstudio data add PATH --name NAME`.",
        )
    name = to_name(path.stem if path.is_file() else path.name, "data")
    if not (home.datasets / name).is_dir():
        yield Log(text=f"Reading {path} into the dataset {name}.")
        for event in ingest.add(home, path, name):
            if isinstance(event, Done):
                name = str(event.data.get("dataset", name))
            else:
                yield event
    return Source(store.load(home, name), home.datasets / name)


def package_folder(home: Home, wanted: str, base: Path | None) -> Path:
    """The package that training starts from: a model id or a folder; raises NotFound."""
    places = [home.models / wanted, bundled_models() / wanted, (base or Path.cwd()) / wanted]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    raise NotFound(f"There is no model {wanted!r} to start from")


PARENT = "parent.json"
"""The parent's manifest in a run folder: the run goes on also when its parent was removed."""


@dataclass(frozen=True)
class Parent:
    """The package that a training starts from; `folder` None: its weights were taken before."""

    manifest: Manifest
    folder: Path | None = None


def kept_parent(run: Path | None) -> Parent | None:
    """The parent of a run that has a checkpoint with weights of its own, or None."""
    if run is None or not (run / PARENT).is_file():
        return None
    if not checkpoint.folders(run / CHECKPOINTS):
        return None
    return Parent(Manifest.read(run / PARENT))


def parent_of(home: Home, recipe: Recipe, base: Path | None) -> Parent | None:
    """The package that the recipe starts from, or None.

    Raises NotFound, BadInput, UsageError where it cannot be trained on by this family.
    """
    if not recipe.start_from:
        return None
    folder = package_folder(home, recipe.start_from, base)
    manifest = Manifest.read(folder / MANIFEST)
    if manifest.family != recipe.family:
        raise UsageError(
            f"{manifest.title} is a {manifest.family} model; "
            f"a {recipe.family} cannot continue from it"
        )
    if manifest.base is not None:
        raise UsageError(
            f"{manifest.title} is an add-on to {manifest.base.title or manifest.base.id}",
            next_step=f"Make it a whole model with `genstudio models merge {manifest.id}` first.",
        )
    if not manifest.trainable:
        raise BadInput(f"{manifest.title} holds no weights that can be trained on", file=folder)
    return Parent(manifest, folder)


def pinned(
    recipe: Recipe, parent: Manifest, free: frozenset[str] = frozenset(),
    later: Mapping[str, str] = MappingProxyType({}),
) -> Recipe:  # fmt: skip
    """The recipe with options that follow the data ("auto") as they were for the parent.

    `free` ones shape no network and go on following the data; of `later` ones an old parent does
    not know, and was made without them.
    """
    was = {**later, **parent.config}
    options = {
        name: str(was[name])
        if value == "auto" and name not in free and isinstance(was.get(name), (int, str))
        else value
        for name, value in recipe.options.items()
    }
    return recipe.model_copy(update={"options": options})


def inherited(
    facts: DataFacts, name: str, parent: Manifest, *, reads: bool = False
) -> dict[str, Json]:
    """Facts of the data as a model that goes on from `parent` sees them: shapes must be kept.

    Data without classes is one class called `name` to a model that knows classes; a model that
    knows none does not look at those of the data. `reads`: the family learns from captions where
    there are any; then data without captions is named by its classes, or as a whole, to a model
    that knows words ("one_caption"), and one that knows none does not look at captions.
    """
    found = facts.model_dump()
    if not parent.config.get("class_names"):
        found["classes"] = ()
    elif len(facts.classes) < 2:
        found["classes"], found["one_class"] = (name,), True
    if reads:
        knows = bool(parent.config.get("words"))
        found["captions"], found["one_caption"] = knows, knows and not facts.captions
    return found


NAMED = ("class_names", "words")
"""Lists of a config that tables have a row each for."""


def start_from(
    networks: Networks,
    parent: Parent,
    config: Mapping[str, Json],
    copies: Mapping[str, str] = MappingProxyType({}),
    fresh: frozenset[str] = frozenset(),
) -> list[Event]:
    """Fill the networks with the weights of a package (fp16 -> fp32); sentences for the log.

    Tables with a row per class or word are filled by name: a known one goes on from its row, a
    new word from that of a known form of it ("hats": "hat"), else from the mean of all. What does
    not fit otherwise keeps its fresh start. A network that `copies` names starts as that one of
    the parent's; `fresh` ones start anew by design. Raises UsageError.
    """
    networks = {name: network for name, network in networks.items() if name not in fresh}
    manifest = parent.manifest
    assert parent.folder is not None
    tensors = dict(weights.read(parent.folder / WEIGHTS))
    for name, of in copies.items():
        own = {key: value for key, value in tensors.items() if key.startswith(f"{of}.")}
        tensors |= {f"{name}.{key.removeprefix(f'{of}.')}": own[key] for key in own}
    said: list[Event] = [Log(text=f"Starts from the weights of {manifest.title}.")]
    tables: dict[str, Tensor] = {}
    for key in NAMED:
        old, new = _names(manifest.config, key), _names(config, key)
        like = Words(old).forms(new) if key == "words" else {}
        found = classes.match(networks, tensors, old, new, like)
        tables |= found
        said += [Log(text=_known(key, old, new))] if found else []
    left = weights.fill(networks, {**tensors, **tables})
    total = sum(len(network.state_dict()) for network in networks.values())
    if len(left) == total:
        raise UsageError(f"Nothing in {manifest.title} fits these options")
    if left:
        names = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
        said.append(
            Log(level="warning", text=f"{len(left)} of {total} tensors start anew: {names}")
        )
    return said


def _known(key: str, old: list[str], new: list[str]) -> str:
    """What became of classes or words, for the log."""
    added = [name for name in new if name not in set(old)]
    if key == "words":
        names = ", ".join(added[:8]) + (" …" if len(added) > 8 else "")
        return f"Words: {len(added)} new to the model ({names}), {len(old)} known from before."
    known = len(new) - len(added)
    words = f"{known} of {len(new)} known from before" if known else "all of them new"
    return f"Classes: {words}; a new class starts as the mean of the {len(old)} old."


def _names(config: Mapping[str, Json], key: str) -> list[str]:
    found = config.get(key)
    return [str(name) for name in found] if isinstance(found, list) else []
