"""Benchmarks of text: rows where a peer is missing, and llama.cpp's names for our weights."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from benchmarks import llama, text, window

TINY = {**text.SMALL, "width": 64, "layers": 2, "heads": 2, "context": 64}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory):
    """A network of GPT-2's shape, as the benchmark builds it."""
    folder = tmp_path_factory.mktemp("gpt2")
    with torch.no_grad():
        return text.build(folder, "transformer", TINY, 96)["network"]


def test_every_weight_has_a_name_of_llama_cpp(network):
    found = dict(llama.tensors(network))
    ours = {name: p.detach().numpy() for name, p in network.named_parameters()}
    assert sum(values.size for values in found.values()) == sum(p.size for p in ours.values())
    assert found["blk.1.attn_qkv.weight"].shape == (3 * 64, 64)
    assert np.array_equal(found["token_embd.weight"], ours["embedding.weight"])
    assert np.array_equal(found["position_embd.weight"], ours["places.weight"])
    assert np.array_equal(found["output_norm.bias"], ours["norm.bias"])
    assert np.array_equal(found["blk.0.ffn_down.bias"], ours["blocks.0.dense.down.bias"])
    assert all(values.dtype == np.float32 for values in found.values())


def test_a_missing_bias_is_none_at_all(network):
    layer = SimpleNamespace(weight=network.blocks[0].out.weight, bias=None)
    (_, weight), (name, bias) = llama._both("blk.0.attn_output", layer)
    assert name == "blk.0.attn_output.bias"
    assert bias.shape == (weight.shape[0],)
    assert not bias.any()


def rows(monkeypatch: pytest.MonkeyPatch, others: dict[str, text.Work]) -> dict[str, text.Row]:
    """Rows of decoding where everything takes so many seconds as it says."""
    fixed = {"ours": 1.2, "int8": 0.6, "reference": 2.4, "read": 0.5}
    steps = iter((fixed["ours"], fixed["int8"]))

    def steps_of(model: object, past: int) -> text.Work:
        seconds = next(steps)
        return lambda: seconds

    monkeypatch.setattr(text, "steps_of", steps_of)
    monkeypatch.setattr(text, "generate_of", lambda network, past: lambda: fixed["reference"])
    monkeypatch.setattr(text, "reading", lambda: lambda: fixed["read"])
    model = SimpleNamespace(device=SimpleNamespace(threads=2))
    network = SimpleNamespace(parameters=lambda: [torch.zeros(100)])
    found = text.decoding(model, model, network, 1, others)  # type: ignore[arg-type]
    return {row.name: row for row in found}


LLAMA_ROW = "GPT-2 small shape, int8 (q8_0): faster than llama.cpp"


def test_peers_are_compared_where_they_are(monkeypatch: pytest.MonkeyPatch):
    found = rows(monkeypatch, {text.LLAMA: lambda: 0.9, "ctranslate2 int8": lambda: 0.3})
    row = found[LLAMA_ROW]
    assert (row.value, row.bar, row.wanted, row.met) == (pytest.approx(1.5), 1.3, "at least", True)
    other = found["GPT-2 small shape, int8: faster than ctranslate2"]
    assert (other.value, other.met) == (pytest.approx(0.5), False)
    assert "GPT-2 small shape, float32: faster than ctranslate2" not in found


def test_where_llama_cpp_is_missing_the_row_says_so(monkeypatch: pytest.MonkeyPatch):
    row = rows(monkeypatch, {})[LLAMA_ROW]
    assert math.isnan(row.value)
    assert row.met is None
    assert "xllamacpp" in row.note


def test_a_missing_package_is_no_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    assert not llama.there()


@pytest.mark.skipif(not llama.there(), reason=llama.MISSING)
@torch.no_grad()
def test_llama_cpp_says_the_same_with_our_weights(network):
    before = [5, 17, 40, 3, 88, 61]
    tokens, names = list(before), ""
    for _ in range(4):
        token = int(network(torch.tensor([tokens]))[0, -1].argmax())
        tokens.append(token)
        names += f"<{token}>"
    with llama.serving(network, 1) as server:
        assert llama.answer(server, before, 4) == names
    with llama.peer(network, 8, 4, 1) as work:
        assert isinstance(work(), float)


def test_stalls_while_text_streams_are_a_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    told = {"worst": 12.5, "p99": -1.0, "ticks": 400, "over": 0, "letters": 1200}
    asked: list[tuple[str, ...]] = []

    def facts(code: str, home: Path, *words: str) -> dict[str, float]:
        asked.append((code, *words))
        return told

    monkeypatch.setattr(window, "_facts", facts)
    (row,) = window._writing(tmp_path, 3)
    assert (row.value, row.bar, row.met) == (12.5, 50.0, True)
    assert "1,200 letters" in row.note
    assert "99 % within 0.0 ms" in row.note
    assert asked == [(window.WRITING, "3", window.WRITER, str(window.PARAGRAPHS))]
    compile(window.WRITING, "child", "exec")
