"""What a token costs: GPT-2 small and an LSTM of random weights, against memory and peers.

A step reads every weight once, so the bound is the weights' bytes over the measured bandwidth of
reading (LIBRARIES.md section 6). The reference library runs the very same weights; ctranslate2
where it is installed. All take as many threads and turns in one process; times are medians.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks import llama, token_package
from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core.controls import check_values, defaults
from genstudio.engine import device, int8
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Writing
from genstudio.media import tokens
from genstudio.media.tokens import Tokenizer

GPT2 = {
    "width": 768, "layers": 12, "heads": 12, "context": 1024, "positions": "learned",
    "norm": "layer", "activation": "gelu", "bias": True,
}  # fmt: skip
SMALL = {**GPT2, "width": 128, "layers": 2, "heads": 2}
SMALL_MODEL = {"width": 256, "layers": 4, "heads": 4, "context": 256}
LSTM = {"width": 1024, "layers": 2}
VOCABULARY, SIGNS = 50_257, 96
OF_BOUND, OF_REFERENCE, OF_PEER, OF_LLAMA, OF_LSTM = 85.0, 1.3, 1.0, 1.3, 1.15
GROWS, GROWS_INT8, FIRST = 1.2, 1.6, 50.0
LLAMA = "llama.cpp int8 (q8_0)"
SHORT, LONG, STEPS = 32, 900, 12
"""Tokens that were read before, and steps of a turn."""
READ = 128 * 1024**2  # float32 numbers that are read to measure the bandwidth

Work = Callable[[], float | None]


def rows(quick: bool = False) -> Iterator[Row]:
    """All rows: decoding in fp32 and int8, growth with the context, LSTM, first token."""
    repeats, threads = (3, 1) if quick else (7, os.cpu_count() or 1)
    torch.set_num_threads(threads)
    chosen = device.choose("cpu", threads)
    with tempfile.TemporaryDirectory(prefix="genstudio-bench-") as name, torch.no_grad():
        folder = Path(name)
        networks = build(folder / "gpt2", "transformer", SMALL if quick else GPT2, VOCABULARY)
        with contextlib.ExitStack() as stack:
            open_ = stack.enter_context
            model = open_(LoadedModel.open(folder / "gpt2", chosen))
            copies = {"step": int8.dynamic(model, "step")}
            small = open_(LoadedModel.open(folder / "gpt2", chosen, 0, copies))
            others = peers(networks["network"])
            if llama.there():
                beside = llama.peer(networks["network"], SHORT, STEPS, threads)
                others[LLAMA] = open_(beside)
            yield from decoding(model, small, networks["network"], repeats, others)
            yield from growth(model, small, repeats)
        yield recurrent(folder / "lstm", chosen, repeats)
        yield first_token(folder / "small", chosen, repeats)


def build(folder: Path, family: str, options: dict[str, Any], size: int) -> dict[str, Any]:
    """A package of random weights in fp32 by the usual export, without the portable graph."""
    kind = families.family(family)
    known = {c.name for c in kind.options}
    chosen = check_values(kind.options, {k: v for k, v in options.items() if k in known})
    config = kind.config(chosen, {"tokenizer": {"kind": "chars", "size": size, "specials": []}})
    return token_package.build(folder, family, config, alphabet().to_bytes())


def alphabet() -> Tokenizer:
    """Tokens of `SIGNS` characters, and the special ones."""
    signs = "".join(chr(32 + number) for number in range(SIGNS))
    return tokens.train("chars", [signs], 2 * SIGNS)


def decoding(
    model: LoadedModel, small: LoadedModel, network: Any, repeats: int, others: dict[str, Work]
) -> Iterator[Row]:
    """A token of one text behind a short beginning, against the reference and `others`."""
    works: dict[str, Work] = {
        "ours": steps_of(model, SHORT),
        "int8": steps_of(small, SHORT),
        "reference": generate_of(network, SHORT),
        "read": reading(),
    }
    found = interleaved(works | others, repeats)
    size = sum(p.numel() for p in network.parameters()) * 4
    speed = READ * 4 / found["read"]
    ours, note = found["ours"] / STEPS, f"{model.device.threads} threads, {SHORT} tokens before"
    yield Row(
        "GPT-2 small shape, fp32: share of what reading the weights allows",
        100 * size / speed / ours, "%", OF_BOUND, "at least",
        f"{1 / ours:.1f} tokens/s at {speed / 1e9:.1f} GB/s, {note}",
    )  # fmt: skip
    reference = found["reference"] / STEPS
    yield Row(
        "GPT-2 small shape, fp32: faster than the reference library's generate",
        reference / ours, "×", OF_REFERENCE, "at least",
        f"{ours * 1e3:.1f} against {reference * 1e3:.1f} ms a token, the same weights",
    )  # fmt: skip
    whole = found["int8"] / STEPS
    yield Row(
        "GPT-2 small shape, int8: faster than fp32", ours / whole, "×", None, "at least",
        f"{whole * 1e3:.1f} ms a token",
    )  # fmt: skip
    for name, own, bar in (
        ("ctranslate2 float32", ours, OF_PEER),
        ("ctranslate2 int8", whole, OF_PEER),
        (LLAMA, whole, OF_LLAMA),
    ):
        title = f"GPT-2 small shape, {name.partition(' ')[2]}: faster than {name.partition(' ')[0]}"
        if name in found:
            peer = found[name] / STEPS
            note = f"{own * 1e3:.1f} against {peer * 1e3:.1f} ms a token"
            yield Row(title, peer / own, "×", bar, "at least", note)
        elif name == LLAMA:
            yield Row(title, float("nan"), note=f"not measured here: {llama.MISSING}")


def growth(model: LoadedModel, small: LoadedModel, repeats: int) -> Iterator[Row]:
    """What a token costs behind a long text over behind a short one."""
    works: dict[str, Work] = {}
    for name, each in (("fp32", model), ("int8", small)):
        works |= {f"{name} {past}": steps_of(each, past) for past in (SHORT, LONG)}
    found = interleaved(works, repeats)
    for name, bar in (("fp32", GROWS), ("int8", GROWS_INT8)):
        short, long = (found[f"{name} {past}"] / STEPS * 1e3 for past in (SHORT, LONG))
        yield Row(
            f"GPT-2 small shape, {name}: a token after {LONG} tokens over one after {SHORT}",
            long / short, "×", bar, "at most", f"{long:.1f} against {short:.1f} ms",
        )  # fmt: skip


def recurrent(folder: Path, chosen: device.Device, repeats: int) -> Row:
    """A token of a recurrent network over what reading its weights takes."""
    network = build(folder, "lstm", LSTM, SIGNS)["network"]
    with LoadedModel.open(folder, chosen) as model:
        found = interleaved({"ours": steps_of(model, SHORT), "read": reading()}, repeats)
    size = sum(p.numel() for p in network.parameters()) * 4
    bound, ours = found["read"] * size / (READ * 4), found["ours"] / STEPS
    return Row(
        "LSTM 2 × 1024: a token over reading its weights", ours / bound, "×", OF_LSTM, "at most",
        f"{ours * 1e3:.2f} against {bound * 1e3:.2f} ms",
    )  # fmt: skip


def first_token(folder: Path, chosen: device.Device, repeats: int) -> Row:
    """From the wish to the first letter of a warm small model, over reading the beginning alone."""
    build(folder, "transformer", SMALL_MODEL, alphabet().size)
    sample = families.part("transformer", "sample")
    task = families.family("transformer").tasks({"tokenizer": "chars"})[0]
    text = "the quick brown fox " * 6
    with LoadedModel.open(folder, chosen) as model:
        read = np.array([[0, *model.tokenizer.encode(text)]])
        stepper = sample.make_stepper(model)
        ask = Ask({**defaults(task.controls), "prompt": text}, seed=1)

        def letter() -> None:
            outputs = sample.TASKS["sample"](model, ask)
            with contextlib.closing(outputs):
                next(o for o in outputs if isinstance(o, Writing) and o.text)

        works: dict[str, Work] = {"letter": letter, "read": lambda: _void(stepper.begin(read))}
        for work in works.values():
            work()
        found = interleaved(works, repeats)
    return Row(
        "a warm small model: first letter over reading the beginning alone",
        1e3 * (found["letter"] - found["read"]), "ms", FIRST, "at most",
        f"{found['letter'] * 1e3:.1f} against {found['read'] * 1e3:.1f} ms, {read.size} tokens",
    )  # fmt: skip


def steps_of(model: LoadedModel, past: int) -> Work:
    """`STEPS` steps of one text behind `past` tokens; the beginning is read anew outside of it."""
    stepper = families.part(model.manifest.family, "sample").make_stepper(model)
    before = np.arange(past)[None] % SIGNS
    token = np.array([5])

    def work() -> float:
        stepper.begin(before)
        stepper.step(token)
        began = time.perf_counter()
        for _ in range(STEPS):
            stepper.step(token)
        return time.perf_counter() - began

    work()
    return work


def generate_of(network: Any, past: int) -> Work:
    """The reference library on the same weights: `STEPS` tokens more take so much longer."""
    reference = as_reference(network)
    before = torch.arange(past)[None] % SIGNS

    def seconds(count: int) -> float:
        began = time.perf_counter()
        reference.generate(
            before, max_new_tokens=count, min_new_tokens=count, do_sample=False, pad_token_id=0
        )
        return time.perf_counter() - began

    seconds(2)
    return lambda: seconds(STEPS + 1) - seconds(1)


def as_reference(network: Any) -> Any:
    """The network as the reference library's GPT-2, with the same weights."""
    from transformers import GPT2Config, GPT2LMHeadModel

    c = network.config
    config = GPT2Config(
        vocab_size=c.vocabulary, n_positions=c.context, n_embd=c.width, n_layer=c.layers,
        n_head=c.heads, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    found = GPT2LMHeadModel(config).eval()
    found.transformer.wte.weight.copy_(network.embedding.weight)
    found.transformer.wpe.weight.copy_(network.places.weight)
    for mine, block in zip(network.blocks, found.transformer.h, strict=True):
        pairs = (
            (mine.qkv, block.attn.c_attn), (mine.out, block.attn.c_proj),
            (mine.dense.up, block.mlp.c_fc), (mine.dense.down, block.mlp.c_proj),
        )  # fmt: skip
        for layer, other in pairs:
            other.weight.copy_(layer.weight.T)
            other.bias.copy_(layer.bias)
    return found


def peers(network: Any) -> dict[str, Work]:
    """Further engines that are installed, with the same weights; {} where none is."""
    try:
        import ctranslate2
    except ImportError:
        return {}
    threads, found = torch.get_num_threads(), {}
    start = [[f"<{number}>" for number in range(SHORT)]]
    for kind in ("float32", "int8"):
        with tempfile.TemporaryDirectory(prefix="genstudio-ct2-") as folder:
            spec = _converted(network)
            spec.validate()
            spec.optimize(quantization=kind)
            spec.save(folder)
            generator = ctranslate2.Generator(folder, intra_threads=threads, inter_threads=1)

        def seconds(count: int, generator: Any = generator) -> float:
            began = time.perf_counter()
            generator.generate_batch(start, max_length=count, min_length=count, sampling_topk=1)
            return time.perf_counter() - began

        seconds(2)
        found[f"ctranslate2 {kind}"] = lambda run=seconds: run(SHORT + STEPS + 1) - run(SHORT + 1)
    return found


def _converted(network: Any) -> Any:
    """The weights as a model of ctranslate2."""
    from ctranslate2.converters.transformers import GPT2Loader

    spec = GPT2Loader().get_model_spec(as_reference(network))
    spec.register_vocabulary([f"<{number}>" for number in range(network.config.vocabulary)])
    spec.config.unk_token = spec.config.bos_token = spec.config.eos_token = "<0>"
    return spec


def reading() -> Work:
    """Reading `READ` numbers once, by all threads."""
    numbers = torch.ones(READ)
    return lambda: _void(numbers.sum())


def _void(_value: object) -> None:
    """Works give nothing back: what they return would be taken for their seconds."""
