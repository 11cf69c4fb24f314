"""llama.cpp as a peer of `benchmarks.text`: the same random weights as a GGUF file of Q8_0.

It runs where two packages are installed beside the project's own (neither is a dependency):
`xllamacpp` (MIT; llama.cpp in a wheel, since PyPI has none of llama-cpp-python) and `gguf` (MIT).
Matrices and the table of tokens are quantised as `llama-quantize … q8_0` does it; places, norms
and biases stay float32 (ggml-org/llama.cpp, src/llama-quant.cpp).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

MISSING = "install xllamacpp and gguf for it: pip install xllamacpp gguf"


def there() -> bool:
    """Whether both packages can be imported."""
    try:
        import gguf  # noqa: F401
        import xllamacpp  # noqa: F401
    except ImportError:
        return False
    return True


def write(network: Any, path: Path) -> None:
    """The network (GPT-2's shape, float32) as a GGUF file with matrices in Q8_0."""
    import gguf

    c = network.config
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_context_length(c.context)
    writer.add_embedding_length(c.width)
    writer.add_block_count(c.layers)
    writer.add_feed_forward_length(4 * c.width)
    writer.add_head_count(c.heads)
    writer.add_layer_norm_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    _add_vocabulary(writer, c.vocabulary)
    for name, values in tensors(network):
        if values.ndim > 1 and name != "position_embd.weight":
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: Any, size: int) -> None:
    """Words that nobody reads: prompts are rows of tokens."""
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([f"<{number}>" for number in range(size)])
    writer.add_token_types([1] * size)
    writer.add_token_merges(["< 0"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)


def tensors(network: Any) -> Iterator[tuple[str, np.ndarray]]:
    """Names of llama.cpp and float32 values, (outputs, inputs) for matrices."""
    yield "token_embd.weight", _values(network.embedding.weight)
    yield "position_embd.weight", _values(network.places.weight)
    yield from _both("output_norm", network.norm)
    for number, block in enumerate(network.blocks):
        parts = {
            "attn_norm": block.first, "attn_qkv": block.qkv, "attn_output": block.out,
            "ffn_norm": block.second, "ffn_up": block.dense.up, "ffn_down": block.dense.down,
        }  # fmt: skip
        for name, layer in parts.items():
            yield from _both(f"blk.{number}.{name}", layer)


def _both(name: str, layer: Any) -> Iterator[tuple[str, np.ndarray]]:
    weight = _values(layer.weight)
    yield f"{name}.weight", weight
    bias = getattr(layer, "bias", None)
    width = weight.shape[0]
    yield f"{name}.bias", np.zeros(width, np.float32) if bias is None else _values(bias)


def _values(parameter: Any) -> np.ndarray:
    return parameter.detach().numpy().astype(np.float32)


@contextmanager
def serving(network: Any, threads: int) -> Iterator[Any]:
    """llama.cpp's server in this process, with the network's weights."""
    import xllamacpp

    with tempfile.TemporaryDirectory(prefix="genstudio-gguf-") as folder:
        path = Path(folder) / "model.gguf"
        write(network, path)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx, params.n_parallel, params.warmup = network.config.context, 1, False
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.verbosity = 0
        yield xllamacpp.Server(params)


def answer(server: Any, before: list[int], count: int) -> str:
    """`count` tokens that follow greedily; their names one after the other ("<3><7>")."""
    asked = {
        "prompt": before, "n_predict": count, "temperature": 0, "ignore_eos": True,
        "cache_prompt": False, "samplers": ["top_k"], "top_k": 1,
    }  # fmt: skip
    found = server.handle_completions(asked)
    if found.get("usage", {}).get("completion_tokens") != count:
        raise RuntimeError(f"llama.cpp wrote no {count} tokens: {str(found)[:300]}")
    return str(found["choices"][0]["text"])


@contextmanager
def peer(network: Any, past: int, steps: int, threads: int) -> Iterator[Callable[[], float]]:
    """Seconds that `steps` tokens more take behind `past` tokens, greedily: the time of a long
    answer less that of a short one, so that reading the beginning does not count."""
    before = list(range(1, past + 1))
    with serving(network, threads) as server:

        def seconds(count: int) -> float:
            began = time.perf_counter()
            answer(server, before, count)
            return time.perf_counter() - began

        seconds(2)
        yield lambda: seconds(steps + 1) - seconds(1)
