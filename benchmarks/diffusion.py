"""What a diffusion step and a whole sampling cost, against the reference library in eager torch.

Same network, same numbers, same steps, as many threads for either side, in one process, in turns
(LIBRARIES.md section 6). The network is the reference library's own, in a package made by our
export (`benchmarks.reference`); then the steps of the bundled diffusion models.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from onnx import TensorProto, helper

from benchmarks import reference
from benchmarks.reference import GRAPH, STEPS, Reference
from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core.paths import bundled_models
from genstudio.engine import device, int8
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel

FASTER, OF_PEAK, OVERHEAD, QUICKER = 1.25, 65.0, 5.0, 1.7
"""The bars: against eager torch, % of the GEMM's speed, % over the network, int8 over fp32."""
SIDE = 2048
"""Of the square matrices whose product is the machine's peak, fp32."""
GEMMS = ("gemm of torch", "gemm of onnxruntime")
"""The quicker one is the peak: which it is, and by how much, depends on the processor."""


def rows(quick: bool = False) -> Iterator[Row]:
    """All rows: reference network, whole sampling, int8, bundled models."""
    repeats = 3 if quick else 9
    threads = os.cpu_count() or 1
    torch.set_num_threads(threads)
    chosen = device.choose("cpu", threads)
    with tempfile.TemporaryDirectory(prefix="genstudio-bench-") as folder:
        peer = reference.build(Path(folder) / "reference", quick)
        with LoadedModel.open(peer.folder, chosen) as model:
            yield from step(peer, model, 3 * repeats)
            yield whole(peer, model, repeats)
            yield overhead(model, repeats)
            yield from in_int8(peer, model, repeats)
    for path in sorted(bundled_models().glob("*/model.json")):
        with LoadedModel.open(path.parent, chosen) as model:
            if model.manifest.modality == "image" and repeated(model):
                yield from bundled(model, repeats)


def repeated(model: LoadedModel) -> tuple[str, ...]:
    """The graphs that one result of the model runs again and again."""
    return families.family(model.manifest.family).repeated


def step(peer: Reference, model: LoadedModel, repeats: int) -> Iterator[Row]:
    """One step of one picture: against eager torch, and against the machine's peak."""
    inputs = peer.inputs(1)
    feeds = {name: value.numpy() for name, value in zip(("x", "t"), inputs, strict=True)}
    a, gemm = torch.randn(SIDE, SIDE), product(model.device.threads)
    works: dict[str, Callable[[], None]] = {
        "ours": lambda: _run(model, feeds),
        "torch": lambda: _void(peer.eager(*inputs)),
        "gemm of torch": lambda: _void(torch.mm(a, a)),
        "gemm of onnxruntime": lambda: _void(gemm.run(None, {"a": a.numpy()})),
    }
    found = measured(works, repeats)
    difference = float(np.abs(model.run(GRAPH, feeds)["out"] - peer.eager(*inputs).numpy()).max())
    yield Row(
        "reference network, step: faster than torch eager",
        found["torch"] / found["ours"],
        "×",
        FASTER,
        "at least",
        f"{found['ours'] * 1e3:.1f} against {found['torch'] * 1e3:.1f} ms, batch 1, "
        f"{model.device.threads} threads; the same to {difference:.0e}",
    )
    quickest = min(GEMMS, key=lambda name: found[name])
    work, peak = peer.flops() / found["ours"], 2.0 * SIDE**3 / found[quickest]
    yield Row(
        "reference network, step: share of the GEMM's speed",
        100 * work / peak,
        "%",
        OF_PEAK,
        "at least",
        f"{work / 1e9:.0f} of {peak / 1e9:.0f} GFLOP/s ({quickest}); torch eager reaches "
        f"{100 * peer.flops() / found['torch'] / peak:.0f} %",
    )


def product(threads: int) -> ort.InferenceSession:
    """A (SIDE, SIDE) -> a · a in fp32, as a session."""
    kind = (TensorProto.FLOAT, [SIDE, SIDE])
    a, b = (helper.make_tensor_value_info(name, *kind) for name in "ab")
    graph = helper.make_graph([helper.make_node("MatMul", ["a", "a"], ["b"])], "gemm", [a], [b])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that go on spinning behind the product would take cores from the next work in turn.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(made.SerializeToString(), options, ["CPUExecutionProvider"])


def whole(peer: Reference, model: LoadedModel, repeats: int) -> Row:
    """From the wish to a picture in 20 steps of DDIM: our task against the reference pipeline."""
    pipeline, ask = peer.pipeline(), wish(1)
    works: dict[str, Callable[[], None]] = {
        "ours": lambda: _void(drawn(model, ask)),
        "torch": lambda: _void(
            pipeline(
                batch_size=1, num_inference_steps=STEPS, generator=torch.Generator(),
                output_type="np",
            )
        ),
    }  # fmt: skip
    found = measured(works, max(3, repeats // 2))
    return Row(
        f"a picture in {STEPS} steps of DDIM: faster than the reference pipeline",
        found["torch"] / found["ours"],
        "×",
        FASTER,
        "at least",
        f"{found['ours']:.2f} against {found['torch']:.2f} s, with previews of each step",
    )


def overhead(model: LoadedModel, repeats: int) -> Row:
    """What sampler, previews and events cost beside the network's own calls."""
    shares, inside = [], []
    for _ in range(max(3, repeats // 2)):
        began = time.perf_counter()
        network = inside_calls(model, lambda: drawn(model, wish(1)))
        total = time.perf_counter() - began
        shares.append(100 * (total - network) / network)
        inside.append(network)
    return Row(
        f"a picture in {STEPS} steps of DDIM: sampler and orchestration over the network's time",
        median(shares),
        "%",
        OVERHEAD,
        note=f"{median(inside) * median(shares) / 100 * 1e3:.1f} ms beside {median(inside):.2f} s",
    )


def in_int8(peer: Reference, model: LoadedModel, repeats: int) -> Iterator[Row]:
    """The fast copy against full precision: a step, and how far it is off."""
    with int8.watched(model, GRAPH) as calls:
        drawn(model, wish(2))
    copies = {GRAPH: int8.quantised(model, GRAPH, int8.chosen(calls))}
    feeds = {name: value[:1] for name, value in calls[0].items()}
    with LoadedModel.open(model.folder, model.device, 0, copies) as quick:
        yield quicker("reference network", model, quick, feeds, repeats)


def quicker(
    name: str, model: LoadedModel, quick: LoadedModel, feeds: int8.Feeds, repeats: int
) -> Row:
    """One call in int8 against fp32."""
    works: dict[str, Callable[[], None]] = {
        "full": lambda: _run(model, feeds),
        "quick": lambda: _run(quick, feeds),
    }
    found = measured(works, repeats)
    full, fast = model.run(GRAPH, feeds)["out"], quick.run(GRAPH, feeds)["out"]
    off = np.linalg.norm(fast - full) / np.linalg.norm(full)
    return Row(
        f"{name}, step in int8: faster than fp32",
        found["full"] / found["quick"],
        "×",
        QUICKER,
        "at least",
        f"{found['quick'] * 1e3:.1f} against {found['full'] * 1e3:.1f} ms, "
        f"batch {len(feeds['x'])}; the answer is {100 * off:.1f} % off",
    )


def bundled(model: LoadedModel, repeats: int) -> Iterator[Row]:
    """A step of a bundled model as its sampler asks for it: against eager torch, and in int8."""
    family, graph = model.manifest.family, repeated(model)[0]
    networks = families.part(family, "objective").networks(model.config)
    specs = families.part(family, "to_onnx").graphs(networks, model.config)
    spec = next(spec for spec in specs if spec.name == graph)
    module = spec.module.eval()
    with int8.watched(model, graph) as calls:
        drawn(model, Ask({}, seed=1, count=1))
    feeds = calls[0]
    tensors = [torch.from_numpy(feeds[name]) for name in spec.example(2)]

    def eager() -> None:
        with torch.inference_mode():
            module(*tensors)

    found = measured({"ours": lambda: _run(model, feeds), "torch": eager}, repeats)
    name = model.manifest.id
    yield Row(
        f"{name}, step: faster than torch eager",
        found["torch"] / found["ours"],
        "×",
        FASTER,
        "at least",
        f"{found['ours'] * 1e3:.2f} against {found['torch'] * 1e3:.2f} ms, "
        f"{len(feeds['x'])} rows (one picture)",
    )
    copies = {graph: int8.quantised(model, graph, int8.chosen(calls))}
    with LoadedModel.open(model.folder, model.device, 0, copies) as quick:
        yield quicker(name, model, quick, feeds, repeats)


def wish(count: int) -> Ask:
    """Pictures in 20 steps of DDIM."""
    return Ask({"steps": STEPS, "sampler": "ddim"}, seed=1, count=count)


def drawn(model: LoadedModel, ask: Ask) -> list[Any]:
    """All that the sampling task of the model's family says."""
    task = families.part(model.manifest.family, "sample").TASKS["sample"]
    return list(task(model, ask))


def inside_calls(model: LoadedModel, work: Callable[[], object]) -> float:
    """Seconds that `work` spends inside calls of the model's networks."""
    seconds, run = 0.0, model.run

    def timed(graph: str, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        nonlocal seconds
        began = time.perf_counter()
        found = run(graph, feeds)
        seconds += time.perf_counter() - began
        return found

    model.run = timed  # type: ignore[method-assign]
    try:
        work()
    finally:
        del model.run  # type: ignore[method-assign]
    return seconds


def measured(works: dict[str, Callable[[], None]], repeats: int) -> dict[str, float]:
    """Median seconds in turns, after one call of each that opens and warms."""
    for work in works.values():
        work()
    return interleaved(works, repeats)  # type: ignore[arg-type]


def _run(model: LoadedModel, feeds: int8.Feeds) -> None:
    model.run(GRAPH, feeds)


def _void(_value: object) -> None:
    """Works give nothing back: what they return would be taken for their seconds."""
