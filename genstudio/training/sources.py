"""Where the pictures and the first weights of a run come from."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.events import Done, Event, Log
from genstudio.core.manifest import MANIFEST, WEIGHTS, Manifest
from genstudio.core.paths import Home, bundled_models
from genstudio.core.stored import NAME_PATTERN, to_name
from genstudio.datasets import ingest, store
from genstudio.training import weights
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


def start_from(networks: Networks, folder: Path, family: str) -> list[Event]:
    """Fill the networks with the weights of a package (fp16 -> fp32); sentences for the log.

    What does not fit (another number of classes, say) keeps its fresh start.
    Raises BadInput, UsageError.
    """
    manifest = Manifest.read(folder / MANIFEST)
    if manifest.family != family:
        raise UsageError(
            f"{manifest.title} is a {manifest.family} model; a {family} cannot continue from it"
        )
    if not manifest.trainable:
        raise BadInput(f"{manifest.title} holds no weights that can be trained on", file=folder)
    left = weights.fill(networks, weights.read(folder / WEIGHTS))
    total = sum(len(network.state_dict()) for network in networks.values())
    if len(left) == total:
        raise UsageError(f"Nothing in {manifest.title} fits these options")
    said: list[Event] = [Log(text=f"Starts from the weights of {manifest.title}.")]
    if left:
        names = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
        said.append(
            Log(level="warning", text=f"{len(left)} of {total} tensors start anew: {names}")
        )
    return said
