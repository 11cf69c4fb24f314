"""LoadedModel: one package, opened; its graphs become sessions when they are first run.

Both loading and running can be stopped from another thread: `set_load_cancellation_flag` ends a
load, `RunOptions.terminate` a call inside its next operator (3.8 ms measured, LIBRARIES.md 1).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import onnxruntime as ort

from genstudio.core.errors import BadInput, GenStudioError, OutOfMemory, is_out_of_memory
from genstudio.core.manifest import TOKENIZER, Graph, Manifest
from genstudio.core.stored import Json
from genstudio.engine import device as devices
from genstudio.engine import package_folder
from genstudio.engine.device import Device

if TYPE_CHECKING:
    from genstudio.media.tokens import Tokenizer

LARGE_ROWS = 32
"""A call with more rows than this gives its memory back afterwards (arena shrinkage)."""
MOST_AT_ONCE = 256
_TYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}


class Stopped(Exception):
    """The running call or load was ended by `LoadedModel.stop`."""


class LoadedModel:
    """One opened package. One thread runs it; any thread may call `stop`.

    `class_names` are the classes it knows; empty for an unconditional model. `copies` are ONNX
    bytes by graph that run in place of the package's own graph (engine/int8.py). `kept` is what
    samplers want to find again at the next request; `close` empties it.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        device: Device,
        memory_mb: int,
        copies: Mapping[str, bytes] | None = None,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.device = device
        self.memory_mb = memory_mb
        self.kept: dict[str, object] = {}
        self._copies = dict(copies or {})
        names = manifest.config.get("class_names")
        self.class_names = tuple(map(str, names)) if isinstance(names, list) else ()
        self._sessions: dict[str, ort.InferenceSession] = {}
        self._weights: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._loading: ort.SessionOptions | None = None
        self._running: ort.RunOptions | None = None
        self._stopped = False

    @classmethod
    def open(
        cls,
        folder: Path,
        device: Device,
        memory_mb: int = 0,
        copies: Mapping[str, bytes] | None = None,
    ) -> LoadedModel:
        """Open the package in `folder`; raises BadInput where it is none or damaged.

        `memory_mb` bounds what a batch may take (0 = no bound); it is a guide on the CPU and a
        limit of the arena on CUDA.
        """
        return cls(folder, package_folder.read_manifest(folder), device, memory_mb, copies)

    @property
    def config(self) -> dict[str, Json]:
        """Sizes and names the networks were built with."""
        return self.manifest.config

    def size(self, key: str) -> int:
        """A whole number of the config, such as "latent"; raises BadInput where it is missing."""
        value = self.config.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{self.manifest.title} does not say its {key!r}", file=self.folder)
        return value

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """How text becomes the tokens of this model; raises BadInput where it has none."""
        from genstudio.media import tokens

        entry = package_folder.entry_of(self.manifest, TOKENIZER)
        return tokens.read(package_folder.read_file(self.folder, entry))

    def load(self) -> None:
        """Open all graphs now instead of at their first run; may raise Stopped."""
        for graph in self.manifest.graphs:
            self._session(graph.name)

    def run(self, graph: str, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Outputs by name. Raises Stopped, OutOfMemory, or GenStudioError with a sentence."""
        session = self._session(graph)
        options = ort.RunOptions()
        rows = max((len(value) for value in feeds.values() if value.ndim), default=0)
        if rows > LARGE_ROWS:
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", self._arenas())
        names = [port.name for port in self.manifest.graph(graph).outputs]
        with self._can_stop(graph, options):
            values = session.run(names, dict(feeds), options)
        return dict(zip(names, values))

    def binding(self, graph: str) -> ort.IOBinding:
        """What ties the inputs and outputs of `graph` to memory that stays in place."""
        return self._session(graph).io_binding()

    def run_bound(self, graph: str, binding: ort.IOBinding) -> None:
        """`run` with bound inputs and outputs; raises the same."""
        session, options = self._session(graph), ort.RunOptions()
        with self._can_stop(graph, options):
            session.run_with_iobinding(binding, options)

    @contextlib.contextmanager
    def _can_stop(self, graph: str, options: ort.RunOptions) -> Iterator[None]:
        """A call inside ends when `stop` is called; its errors become ours."""
        with self._lock:
            self._raise_if_stopped()
            self._running = options
        try:
            yield
        except Exception as error:
            raise self._in_words(error, graph) from error
        finally:
            with self._lock:
                self._running = None

    def stop(self) -> None:
        """End a running call or load, from any thread; until `begin` no other call starts."""
        with self._lock:
            self._stopped = True
            if self._running is not None:
                self._running.terminate = True
            if self._loading is not None:
                self._loading.set_load_cancellation_flag(True)

    def begin(self) -> None:
        """Forget an earlier `stop`: the next piece of work starts."""
        with self._lock:
            self._stopped = False

    def batch_limit(self, bytes_per_item: int) -> int:
        """How many items of `bytes_per_item` fit the memory limit at once: 1 to 256."""
        if not self.memory_mb:
            return MOST_AT_ONCE
        weights = sum(entry.size for entry in self.manifest.files)
        room = self.memory_mb * 1024**2 - 2 * weights
        return int(min(MOST_AT_ONCE, max(1, room // max(1, bytes_per_item))))

    def close(self) -> None:
        """Give sessions and memory back; it opens again at the next run."""
        self._sessions.clear()
        self._weights.clear()
        self.kept.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _session(self, name: str) -> ort.InferenceSession:
        if name not in self._sessions:
            graph = self._graph(name)
            copy = self._copies.get(name)
            data, files = (
                (copy, {})
                if copy is not None
                else package_folder.read_graph(self.folder, self.manifest, graph, self._weights)
            )
            self._sessions[name] = self._create(graph, data, files)
            if len(self._sessions) == len(self.manifest.graphs):
                self._weights.clear()  # the sessions hold their own copies
        return self._sessions[name]

    def _graph(self, name: str) -> Graph:
        try:
            return self.manifest.graph(name)
        except StopIteration:
            raise BadInput(
                f"{self.manifest.title} has no graph {name!r}", file=self.folder
            ) from None

    def _create(self, graph: Graph, data: bytes, files: dict[str, bytes]) -> ort.InferenceSession:
        options = session_options(self.device.threads)
        if files:
            options.add_external_initializers_from_files_in_memory(
                list(files), list(files.values()), [len(value) for value in files.values()]
            )
        with self._load_can_stop(options):
            try:
                session = ort.InferenceSession(data, options, providers=self._providers())
            except Exception as error:
                raise self._in_words(error, graph.name, loading=True) from error
        check_ports(session, graph, self.folder)
        if self.device.name == "CUDA" and session.get_providers()[0] != devices.CUDA:
            self.device = Device("CPU", "CUDA could not load this model", self.device.threads)
        return session

    @contextlib.contextmanager
    def _load_can_stop(self, options: ort.SessionOptions) -> Iterator[None]:
        with self._lock:
            self._raise_if_stopped()
            self._loading = options
        try:
            yield
        finally:
            with self._lock:
                self._loading = None

    def _providers(self) -> list[Any]:
        if self.device.name != "CUDA":
            return self.device.providers
        return [(devices.CUDA, devices.cuda_options(self.memory_mb)), devices.CPU]

    def _arenas(self) -> str:
        return "cpu:0;gpu:0" if self.device.name == "CUDA" else "cpu:0"

    def _raise_if_stopped(self) -> None:
        if self._stopped:
            raise Stopped

    def _in_words(self, error: Exception, graph: str, loading: bool = False) -> Exception:
        if self._stopped:
            return Stopped()
        first = (str(error).splitlines() or [""])[0][:300]
        title, file = self.manifest.title, self.folder
        if is_out_of_memory(error):
            return OutOfMemory(
                f"Memory ran out while running {title}",
                file=file,
                next_step="Ask for fewer results at once, or raise the memory limit.",
                details=str(error),
            )
        if loading:
            return BadInput(
                f"The graph {graph!r} of {title} cannot be opened: {first}",
                file=file,
                next_step="Import the model again.",
                details=str(error),
            )
        return GenStudioError(
            f"{title} could not run {graph!r}: {first}", file=file, details=str(error)
        )


def session_options(threads: int) -> ort.SessionOptions:
    """Options of every session: own threads without spinning, quiet, and closed to plug-ins.

    Two spinning runtimes on two cores slow each other up to 17 times (LIBRARIES.md 1).
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options


def check_ports(session: ort.InferenceSession, graph: Graph, folder: Path) -> None:
    """The inputs and outputs of the graph are those of the manifest; raises BadInput."""
    pairs = ((session.get_inputs(), graph.inputs), (session.get_outputs(), graph.outputs))
    for found, declared in pairs:
        wanted = {port.name: port for port in declared}
        if {node.name for node in found} != set(wanted):
            names = ", ".join(node.name for node in found)
            raise BadInput(
                f"{graph.file} does not have the inputs and outputs it should have: {names}",
                file=folder / graph.file,
            )
        for node in found:
            port = wanted[node.name]
            sizes_fit = len(node.shape) == len(port.shape) and all(
                not isinstance(a, int) or not isinstance(b, int) or a == b
                for a, b in zip(node.shape, port.shape)
            )
            if not sizes_fit or _TYPES.get(node.type) != port.dtype:
                raise BadInput(
                    f"{node.name} of {graph.file} is {node.type} {node.shape}, "
                    f"not {port.dtype} {list(port.shape)}",
                    file=folder / graph.file,
                )
