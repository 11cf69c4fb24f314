"""A model package on disk: which files may be touched, and whether they are what they say.

External weights are a way out of the folder (onnx `docs/ExternalDataSecurity.md`): a location must
be the name of a file listed in `model.json`, that file must be a regular one below the folder with
no link on the way, and its place and length must lie inside it. The bytes are read here, hashed,
and handed to onnxruntime, which never opens a path itself.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from genstudio.core import addons
from genstudio.core.errors import BadInput
from genstudio.core.manifest import (
    BASE_WEIGHTS,
    MANIFEST,
    MAX_PACKAGE_BYTES,
    WEIGHTS,
    FileEntry,
    Graph,
    Manifest,
    check_file_name,
)
from genstudio.engine import onnx_file, weights_file


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a package folder; raises BadInput where it is no package."""
    if not folder.is_dir():
        raise BadInput(f"{folder.name} is not a folder", file=folder)
    manifest = Manifest.read(folder / MANIFEST)
    total = sum(entry.size for entry in manifest.files)
    if total > MAX_PACKAGE_BYTES:
        raise BadInput(f"{manifest.title} is larger than a package may be", file=folder)
    return manifest


def place(folder: Path, name: str) -> Path:
    """The path of a listed file; raises BadInput where it is missing, a link or elsewhere."""
    try:
        check_file_name(name)
    except ValueError as error:
        raise BadInput(
            f"This package names a file outside its folder: {error}", file=folder
        ) from error
    path = folder
    for part in name.split("/"):
        path = path / part
        if path.is_symlink():
            raise BadInput(f"{name} is a link; a package holds files only", file=path)
    try:
        facts = path.lstat()
    except OSError as error:
        raise BadInput(
            f"{name} is missing from the package", file=path, next_step="Import the model again."
        ) from error
    if not stat.S_ISREG(facts.st_mode):
        raise BadInput(f"{name} is not a regular file", file=path)
    return path


def entry_of(manifest: Manifest, name: str) -> FileEntry:
    """The listing of a file; raises BadInput where the manifest does not list it."""
    for entry in manifest.files:
        if entry.name == name:
            return entry
    raise BadInput(
        f"{manifest.title} wants to read {name!r}, which its list of files does not hold"
    )


def read_file(folder: Path, entry: FileEntry) -> bytes:
    """The bytes of a listed file, after comparing size and SHA-256; raises BadInput."""
    path = place(folder, entry.name)
    size = path.stat().st_size
    if size != entry.size:
        raise _damaged(path, f"{size} bytes instead of {entry.size}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{entry.name} cannot be read: {error.strerror}", file=path) from error
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise _damaged(path, "its checksum differs")
    return data


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Check every file: size, SHA-256, links, graphs and weights; raises BadInput."""
    for entry in manifest.files:
        data = read_file(folder, entry)
        if entry.name == WEIGHTS:
            weights_file.check(data, entry.name)
    for graph in manifest.graphs:
        read_graph(folder, manifest, graph)


def read_graph(
    folder: Path, manifest: Manifest, graph: Graph, cache: dict[str, bytes] | None = None
) -> tuple[bytes, dict[str, bytes]]:
    """Bytes of an ONNX file and of the files its weights lie in, all checked; raises BadInput.

    `cache` keeps weights files read for an earlier graph of the same package.
    """
    cache = {} if cache is None else cache
    data = read_file(folder, entry_of(manifest, graph.file))
    found = onnx_file.read(data, graph.file)
    files: dict[str, bytes] = {}
    for tensor in found.tensors:
        if not tensor.location:
            continue
        name = tensor.location
        if name not in files:
            if name not in cache:
                cache[name] = _weights(folder, manifest, graph, name)
            files[name] = cache[name]
        if tensor.length != tensor.size or tensor.offset + tensor.length > len(files[name]):
            raise BadInput(f"{graph.file} points outside {name}", file=folder / graph.file)
    return data, files


def _weights(folder: Path, manifest: Manifest, graph: Graph, name: str) -> bytes:
    """The bytes of a weights file that a graph names; raises BadInput."""
    if name == BASE_WEIGHTS and manifest.base is not None:
        place = addons.base_folder(folder, manifest.base, manifest.title)
        return read_file(place, entry_of(read_manifest(place), WEIGHTS))
    return read_file(folder, _weights_entry(manifest, graph, name))


def _weights_entry(manifest: Manifest, graph: Graph, name: str) -> FileEntry:
    try:
        check_file_name(name)
    except ValueError as error:
        raise BadInput(
            f"{graph.file} wants to read {name[:80]!r}, which lies outside the package",
            file=graph.file,
            next_step="Do not use this package.",
        ) from error
    return entry_of(manifest, name)


def _damaged(path: Path, how: str) -> BadInput:
    return BadInput(
        f"{path.name} is damaged: {how}",
        file=path,
        next_step="Import the model again, or restore the file.",
    )
