"""Tiny model packages written by hand with onnx.helper: no training, no torch.

All three share one world: pictures of `SIZE` x `SIZE` grey pixels, three classes, each class a
fixed pattern. The generator and the decoder are linear in z and label, the judge compares with
the patterns, so what the samplers and metrics must find is known.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper
from safetensors.numpy import save

from genstudio.core import attributes
from genstudio.core.manifest import (
    MANIFEST,
    PROBE,
    WEIGHTS,
    FileEntry,
    Graph,
    Manifest,
    Port,
)

SIZE, LATENT, NAMES = 8, 6, ("Alpha", "Beta", "Gamma")
PIXELS = SIZE * SIZE
_KINDS = {
    "float32": TensorProto.FLOAT,
    "float16": TensorProto.FLOAT16,
    "int64": TensorProto.INT64,
}


def patterns() -> np.ndarray:
    """(classes, pixels): one orthogonal pattern of -1 and 1 per class."""
    rows, columns = np.divmod(np.arange(PIXELS), SIZE)
    bits = [columns // 4 % 2, rows // 4 % 2, (rows + columns) % 2]
    return np.stack([2.0 * b - 1 for b in bits]).astype(np.float32)


def basis() -> np.ndarray:
    """(latent, pixels): orthonormal directions, orthogonal to the patterns."""
    rng = np.random.default_rng(5)
    rows = np.concatenate([patterns(), rng.standard_normal((LATENT, PIXELS))])
    q, _ = np.linalg.qr(rows.T)
    return q.T[len(NAMES) :].astype(np.float32)


class Builder:
    """Collects nodes and weights of one package and writes it."""

    def __init__(self, half: bool = False) -> None:
        self.half = half
        self.weights: dict[str, np.ndarray] = {}
        self.graphs: list[tuple[str, list, list[Port], list[Port], list[str]]] = []

    def weight(self, name: str, values: np.ndarray) -> str:
        """Store a weight; its name inside graphs."""
        kind = np.float16 if self.half else np.float32
        self.weights[name] = np.ascontiguousarray(values.astype(kind))
        return name

    def graph(self, name, nodes, inputs, outputs, weights, whole=()) -> None:
        """Add a graph; inputs and outputs are {name: shape}, "batch" a free size.

        Those named in `whole` are int64.
        """
        ports = [
            [
                Port(name=key, dtype="int64" if key in whole else "float32", shape=shape)
                for key, shape in side.items()
            ]
            for side in (inputs, outputs)
        ]
        self.graphs.append((name, nodes, ports[0], ports[1], weights))

    def write(
        self, folder: Path, family: str, modality: str, config: dict, probe: bool = True
    ) -> Path:
        """Write the package, with a probe recorded by onnx's reference evaluator."""
        folder.mkdir(parents=True, exist_ok=True)
        content = save(self.weights)
        (folder / WEIGHTS).write_bytes(content)
        spans = _spans(content)
        listed = []
        for name, nodes, inputs, outputs, weights in self.graphs:
            model = self._model(nodes, inputs, outputs, [(w, spans[w]) for w in weights])
            (folder / f"{name}.onnx").write_bytes(model)
            listed.append(
                Graph(name=name, file=f"{name}.onnx", inputs=tuple(inputs), outputs=tuple(outputs))
            )
        (folder / "card.md").write_text(f"# {family}\n\n<!-- scores -->\n<!-- /scores -->\n")
        write_manifest(folder, family, modality, config, tuple(listed), self.half)
        if probe:
            record_probe(folder)
        return folder

    def _model(self, nodes, inputs, outputs, weights) -> bytes:
        tensors, casts = [], []
        kind = TensorProto.FLOAT16 if self.half else TensorProto.FLOAT
        for name, (offset, length) in weights:
            tensor = TensorProto()
            tensor.name = f"{name}.stored" if self.half else name
            tensor.data_type = kind
            tensor.dims.extend(self.weights[name].shape)
            tensor.data_location = TensorProto.EXTERNAL
            place = {"location": WEIGHTS, "offset": offset, "length": length}
            for key, value in place.items():
                entry = tensor.external_data.add()
                entry.key, entry.value = key, str(value)
            tensors.append(tensor)
            if self.half:
                casts.append(helper.make_node("Cast", [tensor.name], [name], to=1))
        graph = helper.make_graph(
            casts + nodes, "g", [_info(p) for p in inputs], [_info(p) for p in outputs], tensors
        )
        opsets = [helper.make_opsetid("", 20)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


def config(**more) -> dict:
    """The config all hand-made packages share."""
    return {
        "size": SIZE,
        "channels": 1,
        "class_names": list(NAMES),
        "latent": LATENT,
        "width": 4,
        **more,
    }


def gan(folder: Path, classes: bool = True, spread: float = 1.0, half: bool = False) -> Path:
    """image = tanh(z B spread + label P)."""
    builder = Builder(half)
    weights = [builder.weight("generator.basis", basis() * spread)]
    nodes = [helper.make_node("MatMul", ["z", weights[0]], ["noise"])]
    inputs: dict = {"z": ("batch", LATENT)}
    if classes:
        inputs["label"] = ("batch", len(NAMES))
        weights.append(builder.weight("generator.patterns", patterns() * 0.7))
        nodes.append(helper.make_node("MatMul", ["label", weights[1]], ["shape"]))
        nodes.append(helper.make_node("Add", ["noise", "shape"], ["sum"]))
    nodes += _picture("sum" if classes else "noise", "Tanh")
    builder.graph("generator", nodes, inputs, {"image": ("batch", 1, SIZE, SIZE)}, weights)
    names = list(NAMES) if classes else []
    return builder.write(folder, "gan", "image", config(class_names=names))


def vae(folder: Path, classes: bool = False, prior: bool = False) -> Path:
    """Encoder and decoder of the linear space spanned by `basis`; variance exp(-4).

    The prior, where asked for, is z = noise / 2 + (label or choice) M with M = `prior_means`.
    """
    builder = Builder()
    weights = [
        builder.weight("encoder.basis", basis().T),
        builder.weight("encoder.logvar", np.full((1, LATENT), -4.0)),
        builder.weight("decoder.basis", basis()),
        builder.weight("shared.patterns", patterns() * 0.5),
    ]
    image: dict = {"image": ("batch", 1, SIZE, SIZE)}
    label: dict = {"label": ("batch", len(NAMES))} if classes else {}
    nodes = [helper.make_node("Flatten", ["image"], ["flat"])]
    if classes:
        nodes.append(helper.make_node("MatMul", ["label", weights[3]], ["shape"]))
        nodes.append(helper.make_node("Sub", ["flat", "shape"], ["rest"]))
    nodes.append(helper.make_node("MatMul", ["rest" if classes else "flat", weights[0]], ["mean"]))
    nodes.append(helper.make_node("Mul", ["mean", "zero"], ["nothing"]))
    nodes.insert(0, helper.make_node("Constant", [], ["zero"], value_float=0.0))
    nodes.append(helper.make_node("Add", ["nothing", weights[1]], ["logvar"]))
    latent = {"mean": ("batch", LATENT), "logvar": ("batch", LATENT)}
    shared = [weights[3]] if classes else []
    builder.graph("encoder", nodes, {**image, **label}, latent, weights[:2] + shared)
    back = [helper.make_node("MatMul", ["z", weights[2]], ["part"])]
    if classes:
        back.append(helper.make_node("MatMul", ["label", weights[3]], ["shape"]))
        back.append(helper.make_node("Add", ["part", "shape"], ["sum"]))
    back += _picture("sum" if classes else "part", "Identity")
    builder.graph("decoder", back, {"z": ("batch", LATENT), **label}, image, [weights[2], *shared])
    if not classes:
        del builder.weights["shared.patterns"]
    if prior:
        _prior(builder, classes)
    names = list(NAMES) if classes else []
    return builder.write(folder, "vae", "image", config(class_names=names))


def prior_means(rows: int) -> np.ndarray:
    """(rows, latent): what the hand-made prior adds for each class, or for the choice."""
    return np.arange(1, rows * LATENT + 1, dtype=np.float32).reshape(rows, LATENT) / 20


def _prior(builder: Builder, classes: bool) -> None:
    name, rows = ("label", len(NAMES)) if classes else ("choice", 1)
    weight = builder.weight("prior.means", prior_means(rows))
    nodes = [
        helper.make_node("Constant", [], ["half"], value_float=0.5),
        helper.make_node("Mul", ["noise", "half"], ["narrow"]),
        helper.make_node("MatMul", [name, weight], ["mean"]),
        helper.make_node("Add", ["narrow", "mean"], ["z"]),
    ]
    inputs = {"noise": ("batch", LATENT), name: ("batch", rows)}
    builder.graph("prior", nodes, inputs, {"z": ("batch", LATENT)}, [weight])


def judge(folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    """logits = pixels compared with the patterns; features = pixels seen from 12 directions."""
    builder = Builder()
    views = np.concatenate([patterns() / 8, basis(), -basis()[:3]])
    weights = [
        builder.weight("classifier.views", views.T),
        builder.weight("classifier.patterns", patterns().T / 8),
    ]
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"]),
        helper.make_node("MatMul", ["flat", weights[0]], ["features"]),
        helper.make_node("MatMul", ["flat", weights[1]], ["logits"]),
    ]
    outputs = {"features": ("batch", len(views)), "logits": ("batch", len(NAMES))}
    builder.graph("classifier", nodes, {"image": ("batch", 1, SIZE, SIZE)}, outputs, weights)
    return builder.write(folder, "classifier", "judge", config(class_names=list(names)))


READER_SLOTS = "kind: Alpha, Beta, Gamma\ntone: bright"
"""What the hand-made reader reads: which pattern, and whether its pixels are bright."""


def reader(folder: Path) -> Path:
    """logits: "none" is 0.3, a kind how alike its pattern is, bright the mean of the pixels."""
    builder = Builder()
    columns = np.zeros((PIXELS, 6), np.float32)
    columns[:, 1:4] = patterns().T / PIXELS
    columns[:, 5] = 1 / PIXELS
    weights = [
        builder.weight("reader.columns", columns),
        builder.weight("reader.none", np.array([[0.3, 0, 0, 0, 0.3, 0]])),
    ]
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"]),
        helper.make_node("MatMul", ["flat", weights[0]], ["features"]),
        helper.make_node("Add", ["features", weights[1]], ["logits"]),
    ]
    outputs = {"features": ("batch", 6), "logits": ("batch", 6)}
    builder.graph("reader", nodes, {"image": ("batch", 1, SIZE, SIZE)}, outputs, weights)
    slots = attributes.to_json(attributes.parse(READER_SLOTS))
    known = {"size": SIZE, "channels": 1, "width": 4, "slots": slots}
    return builder.write(folder, "attributes", "judge", known)


def matcher(folder: Path, length: int = 4) -> Path:
    """Vectors with a place for each pattern: how alike a picture is, how often a text names it."""
    builder = Builder()
    words = np.concatenate([np.zeros((2, len(NAMES))), np.eye(len(NAMES)) * 10])
    weights = [
        builder.weight("picture.patterns", patterns().T / PIXELS),
        builder.weight("text.words", words),
    ]
    vector = {"vector": ("batch", len(NAMES))}
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"]),
        helper.make_node("MatMul", ["flat", weights[0]], ["vector"]),
    ]
    image = {"image": ("batch", 1, SIZE, SIZE)}
    builder.graph("picture", nodes, image, vector, weights[:1])
    nodes = [
        helper.make_node("Constant", [], ["axis"], value_ints=[1]),
        helper.make_node("Gather", [weights[1], "tokens"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axis"], ["vector"], keepdims=0),
    ]
    tokens = {"tokens": ("batch", length)}
    builder.graph("text", nodes, tokens, vector, weights[1:], whole=("tokens",))
    names = [name.lower() for name in NAMES]
    known = {"size": SIZE, "channels": 1, "width": 4, "words": names, "length": length}
    return builder.write(folder, "matcher", "judge", known, probe=False)


def slow(folder: Path, side: int = 640, layers: int = 60) -> Path:
    """A generator that takes a second or more for one picture: for stopping it half-way."""
    builder = Builder()
    rng = np.random.default_rng(0)
    weights = [
        builder.weight("generator.first", rng.standard_normal((LATENT, side)) / 3),
        builder.weight("generator.again", rng.standard_normal((side, side)) / side**0.5),
        builder.weight("generator.last", rng.standard_normal((side, PIXELS)) / side),
    ]
    nodes = [
        helper.make_node("MatMul", ["z", weights[0]], ["row"]),
        helper.make_node("Constant", [], ["shape"], value_ints=[-1, 1, side]),
        helper.make_node("Constant", [], ["many"], value_ints=[1, side, 1]),
        helper.make_node("Reshape", ["row", "shape"], ["single"]),
        helper.make_node("Expand", ["single", "many"], ["h0"]),
    ]
    for layer in range(layers):
        nodes.append(helper.make_node("MatMul", [f"h{layer}", weights[1]], [f"m{layer}"]))
        nodes.append(helper.make_node("Tanh", [f"m{layer}"], [f"h{layer + 1}"]))
    nodes.append(helper.make_node("ReduceMean", [f"h{layers}", "axis"], ["mean"], keepdims=0))
    nodes.insert(0, helper.make_node("Constant", [], ["axis"], value_ints=[1]))
    nodes.append(helper.make_node("MatMul", ["mean", weights[2]], ["sum"]))
    nodes += _picture("sum", "Tanh")
    image = {"image": ("batch", 1, SIZE, SIZE)}
    builder.graph("generator", nodes, {"z": ("batch", LATENT)}, image, weights)
    return builder.write(folder, "gan", "image", config(class_names=[]), probe=False)


def write_manifest(folder, family, modality, settings, graphs, half=False) -> None:
    """Write model.json over all files that are there."""
    files = tuple(
        entry(folder, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    )
    manifest = Manifest(
        id=f"hand-{family}",
        title=f"Hand-made {family}",
        family=family,
        modality=modality,
        config=settings,
        graphs=graphs,
        precision="fp16" if half else "fp32",
        files=files,
    )
    (folder / MANIFEST).write_bytes(manifest.to_bytes())


def entry(folder: Path, name: str) -> FileEntry:
    """The listing of a file as it is now."""
    data = (folder / name).read_bytes()
    return FileEntry(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def relist(folder: Path) -> None:
    """Renew sizes and hashes of the manifest after files were changed on purpose."""
    manifest = Manifest.read(folder / MANIFEST)
    write_manifest(
        folder,
        manifest.family,
        manifest.modality,
        manifest.config,
        manifest.graphs,
        manifest.precision == "fp16",
    )


def record_probe(folder: Path) -> None:
    """Write probe.npz from onnx's own reference evaluator (not onnxruntime)."""
    import onnx
    from onnx.reference import ReferenceEvaluator

    manifest = Manifest.read(folder / MANIFEST)
    rng = np.random.default_rng(1)
    arrays: dict[str, np.ndarray] = {}
    for graph in manifest.graphs:
        model = onnx.load(folder / graph.file)  # reads the external weights beside it
        for case, batch in enumerate((3, 2)):
            feeds = {
                port.name: rng.standard_normal(
                    [batch if size == "batch" else size for size in port.shape]
                ).astype(np.float32)
                for port in graph.inputs
            }
            names = [port.name for port in graph.outputs]
            values = ReferenceEvaluator(model).run(names, feeds)
            start = f"{graph.name}/{case}"
            arrays |= {f"{start}/in/{key}": value for key, value in feeds.items()}
            arrays |= {f"{start}/out/{key}": value for key, value in zip(names, values)}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    (folder / PROBE).write_bytes(buffer.getvalue())
    relist(folder)


def _picture(source: str, squash: str) -> list:
    """Nodes that turn (b, pixels) into (b, 1, size, size)."""
    return [
        helper.make_node(squash, [source], ["flat_picture"]),
        helper.make_node("Constant", [], ["picture_shape"], value_ints=[-1, 1, SIZE, SIZE]),
        helper.make_node("Reshape", ["flat_picture", "picture_shape"], ["image"]),
    ]


def _info(port: Port):
    return helper.make_tensor_value_info(port.name, _KINDS[port.dtype], list(port.shape))


def _spans(content: bytes) -> dict[str, tuple[int, int]]:
    """(offset in the file, length) of each tensor of a safetensors file."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return {
        name: (
            8 + length + value["data_offsets"][0],
            value["data_offsets"][1] - value["data_offsets"][0],
        )
        for name, value in header.items()
        if name != "__metadata__"
    }
