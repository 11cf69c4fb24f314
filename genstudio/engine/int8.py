"""A graph in 8-bit whole numbers: static quantisation, calibrated on real calls, or dynamic.

Models of tokens are quantised dynamically (`dynamic`): the weights of matrices per channel, what
goes into them by its own range at each call. Reading the weights is nearly all the work of a
step, and there are four times fewer bytes of them.

Of networks that draw, convolutions do nearly all the work (U-Net), so they alone are quantised:
weights per channel and symmetric, activations per tensor (Jacob et al. 2018, section 2; Nagel et
al. 2021, "A White Paper on Neural Network Quantization", section 3). The first convolutions and
the last two, which touch the picture itself, stay as they are: they cost little, and every error
in them is seen. (In avatars-diffusion the last but one alone made nine tenths of the error of
late steps.)

Weights use 7 bits: without VNNI the processor adds pairs of 8-bit products in 16 bits, which
overflows (onnxruntime documentation, "Quantize ONNX models", on U8S8 and reduce_range).

The numbers that calibrate come from whole samplings (`watched`), since activations early and late
in the noise differ widely (Shang et al. 2023, PTQ4DM, section 3.2).
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime as ort

from genstudio.core.errors import GenStudioError
from genstudio.engine import package_folder
from genstudio.engine.loaded_model import LoadedModel, session_options

Feeds = dict[str, np.ndarray]
MOST_ROWS = 48
"""Rows of inputs that calibrate; more change the ranges little and take longer."""
ROWS_PER_CALL = 2
_FLOAT = 1  # onnx.TensorProto.FLOAT


@contextlib.contextmanager
def watched(model: LoadedModel, graph: str) -> Iterator[list[Feeds]]:
    """While inside, the inputs of every call of `graph` are kept in the list."""
    seen: list[Feeds] = []
    run = model.run

    def noting(name: str, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        if name == graph:
            seen.append({key: value.copy() for key, value in feeds.items()})
        return run(name, feeds)

    model.run = noting  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        del model.run  # type: ignore[method-assign]


def chosen(calls: Sequence[Feeds], rows: int = MOST_ROWS) -> list[Feeds]:
    """A few rows of calls spread evenly over all of them, other rows from call to call."""
    wanted = max(1, rows // ROWS_PER_CALL)
    places = np.unique(np.linspace(0, len(calls) - 1, min(wanted, len(calls))).round().astype(int))
    found = []
    for turn, place in enumerate(places):
        call = calls[place]
        count = max(len(value) for value in call.values())
        first = turn * ROWS_PER_CALL
        some = [(first + i) % count for i in range(min(ROWS_PER_CALL, count))]
        found.append({name: value[some] for name, value in call.items()})
    return found


def quantised(model: LoadedModel, graph: str, calls: Sequence[Feeds]) -> bytes:
    """The ONNX bytes of `graph` in int8, weights inside, calibrated by `calls`.

    Raises GenStudioError where the tools are missing or the graph cannot be quantised.
    """
    tools = _tools()
    with tempfile.TemporaryDirectory(prefix="genstudio-int8-") as folder, _quiet():
        plain, made = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx"
        _fold(model, graph, plain)
        try:
            tools.quantize_static(
                str(plain),
                str(made),
                _Reader(calls),
                quant_format=tools.QuantFormat.QDQ,
                op_types_to_quantize=["Conv"],
                nodes_to_exclude=_exact(plain),
                per_channel=True,
                reduce_range=True,
                activation_type=tools.QuantType.QUInt8,
                weight_type=tools.QuantType.QInt8,
                calibrate_method=tools.CalibrationMethod.MinMax,
                extra_options={"WeightSymmetric": True, "ActivationSymmetric": False},
            )
            return made.read_bytes()
        except Exception as error:
            raise _impossible(model, graph, error) from error


def dynamic(model: LoadedModel, graph: str) -> bytes:
    """The ONNX bytes of `graph` with matrices and recurrent layers in int8, weights inside.

    Raises GenStudioError where the tools are missing or the graph cannot be quantised.
    """
    tools = _tools()
    with tempfile.TemporaryDirectory(prefix="genstudio-int8-") as folder, _quiet():
        plain, made = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx"
        _fold(model, graph, plain)
        try:
            tools.quantize_dynamic(
                str(plain),
                str(made),
                op_types_to_quantize=["MatMul", "LSTM"],
                per_channel=True,
                reduce_range=True,
                weight_type=tools.QuantType.QInt8,
                # Types behind operators of onnxruntime's own cannot be inferred.
                extra_options={"DefaultTensorType": _FLOAT},
            )
            return made.read_bytes()
        except Exception as error:
            raise _impossible(model, graph, error) from error


def times_faster(
    full: LoadedModel, quick: LoadedModel, graph: str, call: Feeds, repeats: int = 7
) -> float:
    """Median time of a call in full precision over that of the copy, taken in turns."""
    return faster(lambda: full.run(graph, call), lambda: quick.run(graph, call), repeats)


def faster(full: Callable[[], object], quick: Callable[[], object], repeats: int = 7) -> float:
    """Median time of `full` over that of `quick`, taken in turns after one turn to warm up."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(repeats + 1):
        for kept, work in zip(seconds, (full, quick), strict=True):
            began = time.perf_counter()
            work()
            if turn:  # the first call opens the session
                kept.append(time.perf_counter() - began)
    return median(seconds[0]) / median(seconds[1])


def _tools() -> Any:
    try:
        from onnxruntime import quantization
    except ImportError as error:
        raise GenStudioError(
            "This edition of GenStudio cannot make fast copies: the onnx package is missing",
            next_step="Install onnx, or use the full edition.",
            details=str(error),
        ) from error
    return quantization


def _impossible(model: LoadedModel, graph: str, error: Exception) -> GenStudioError:
    return GenStudioError(
        f"{graph!r} of {model.manifest.title} cannot be made into a fast copy: {error}",
        file=model.folder,
    )


def _fold(model: LoadedModel, graph: str, target: Path) -> None:
    """Write the graph with its weights inside, constants folded and halves widened.

    Only what holds on every processor is done (BASIC), so that the quantiser finds plain
    operators.
    """
    found = model.manifest.graph(graph)
    data, weights = package_folder.read_graph(model.folder, model.manifest, found)
    options = session_options(model.device.threads)
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    if weights:
        options.add_external_initializers_from_files_in_memory(
            list(weights), list(weights.values()), [len(value) for value in weights.values()]
        )
    ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _exact(path: Path) -> list[str]:
    """Names of the convolutions that stay in full precision."""
    import onnx

    graph = onnx.load(path).graph
    fixed = {tensor.name for tensor in graph.initializer}
    pictures = {
        value.name
        for value in graph.input
        if value.name not in fixed and len(value.type.tensor_type.shape.dim) == 4
    }
    ahead = [(set(node.input), set(node.output), node) for node in graph.node]
    behind = [(after, before, node) for before, after, node in reversed(ahead)]
    last = _first(behind, {value.name for value in graph.output})
    before = _first(behind, {node.input[0] for node in last})
    loose = [n for n in graph.node if n.op_type == "Conv" and n.input[1] not in fixed]
    return sorted({node.name for node in (*_first(ahead, pictures), *last, *before, *loose)})


def _first(nodes: Sequence[tuple[set[str], set[str], Any]], names: set[str]) -> list[Any]:
    """Convolutions that meet the values `names` before any other convolution does.

    `nodes` are (values on the near side, values on the far side, node), in order.
    """
    reached, found = set(names), []
    for near, far, node in nodes:
        if not near & reached:
            continue
        if node.op_type == "Conv":
            found.append(node)
        else:
            reached |= far
    return found


class _Reader:
    """The calls one after the other, as the calibration asks for them."""

    def __init__(self, calls: Sequence[Feeds]) -> None:
        self._rest = iter(calls)

    def get_next(self) -> Feeds | None:
        """The next inputs, None at the end."""
        return next(self._rest, None)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser advises on the root logger; nothing of it concerns the user."""
    root: Any = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(before)
