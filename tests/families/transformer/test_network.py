"""The network: what it sees, and that it is the network the reference library knows."""

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from genstudio.families.transformer.network import Adapter, Transformer, TransformerConfig

KINDS = [
    {"positions": p, "norm": n, "activation": a, "bias": b}
    for p, n, a, b in (
        ("rotary", "rms", "swiglu", False),
        ("learned", "layer", "gelu", True),
        ("rotary", "layer", "gelu", False),
        ("learned", "rms", "swiglu", True),
    )
]


def network(**kind) -> Transformer:
    torch.manual_seed(3)
    wanted = {"vocabulary": 31, "context": 24, "width": 32, "layers": 2, "heads": 2, **kind}
    return Transformer(TransformerConfig(**wanted)).eval()


def tokens(count: int = 2, length: int = 12) -> torch.Tensor:
    return torch.randint(31, (count, length), generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
@torch.no_grad()
def test_no_token_sees_what_comes_after_it(kind):
    made, first = network(**kind), tokens()
    other = first.clone()
    other[:, 7:] = (other[:, 7:] + 1) % 31
    a, b = made(first), made(other)
    assert a.shape == (2, 12, 31)
    assert torch.equal(a[:, :7], b[:, :7])
    assert not torch.allclose(a[:, 7], b[:, 7])


@torch.no_grad()
def test_rotary_positions_count_from_each_other():
    """Attention depends on how far apart tokens stand, not on where (Su et al. 2021, eq. 16)."""
    made, text = network(), tokens()
    moved = torch.arange(12) + 9
    assert torch.allclose(made(text), made(text, positions=moved), atol=1e-5)
    learned = network(positions="learned")
    assert not torch.allclose(learned(text), learned(text, positions=moved), atol=1e-3)


def test_both_activations_have_about_as_many_weights():
    count = {
        kind: sum(p.numel() for p in network(width=384, heads=6, activation=kind).parameters())
        for kind in ("gelu", "swiglu")
    }
    assert count["swiglu"] == pytest.approx(count["gelu"], rel=0.01)


def test_heads_must_fit():
    for width, heads in ((40, 4), (40, 3), (160, 4)):
        with pytest.raises(ValueError, match="multiple of 16"):
            TransformerConfig(width=width, heads=heads)
    with pytest.raises(ValueError, match="multiple of 8"):
        TransformerConfig(width=40, heads=4, positions="learned")
    assert TransformerConfig(width=160, heads=4, positions="learned").head == 40


@torch.no_grad()
def test_with_its_weights_it_is_gpt_2():
    ours = network(positions="learned", norm="layer", activation="gelu", bias=True)
    theirs = GPT2LMHeadModel(
        GPT2Config(vocab_size=31, n_positions=24, n_embd=32, n_layer=2, n_head=2)
    )
    ours.embedding.weight.copy_(theirs.transformer.wte.weight)
    ours.places.weight.copy_(theirs.transformer.wpe.weight)
    for mine, block in zip(ours.blocks, theirs.transformer.h, strict=True):
        pairs = (
            (mine.qkv, block.attn.c_attn), (mine.out, block.attn.c_proj),
            (mine.dense.up, block.mlp.c_fc), (mine.dense.down, block.mlp.c_proj),
        )  # fmt: skip
        for layer, other in pairs:
            other.bias.normal_()
            layer.weight.copy_(other.weight.T)  # theirs are stored the other way round
            layer.bias.copy_(other.bias)
        for norm, other in ((mine.first, block.ln_1), (mine.second, block.ln_2)):
            norm.load_state_dict(other.state_dict())
    text = tokens()
    assert torch.allclose(ours(text), theirs.eval()(text).logits, atol=1e-5)


@torch.no_grad()
def test_with_its_weights_it_is_llama():
    ours = network()
    theirs = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=31, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
            intermediate_size=ours.config.hidden, tie_word_embeddings=True, rms_norm_eps=1e-5,
            max_position_embeddings=24,
        )
    )  # fmt: skip
    ours.embedding.weight.copy_(theirs.model.embed_tokens.weight)
    for mine, block in zip(ours.blocks, theirs.model.layers, strict=True):
        attention, dense = block.self_attn, block.mlp
        parts = (attention.q_proj, attention.k_proj, attention.v_proj)
        mine.qkv.weight.copy_(torch.cat([part.weight for part in parts]))
        mine.out.weight.copy_(attention.o_proj.weight)
        mine.dense.up.weight.copy_(torch.cat([dense.gate_proj.weight, dense.up_proj.weight]))
        mine.dense.down.weight.copy_(dense.down_proj.weight)
    text = tokens()
    assert torch.allclose(ours(text), theirs.eval()(text).logits, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS[:2], ids=["rotary", "learned"])
@torch.no_grad()
def test_an_adapter_begins_as_nothing_and_may_be_merged(kind):
    made, text = network(**kind), tokens()
    adapter = Adapter(made.config, rank=3)
    assert torch.equal(made(text), made(text, adapter=adapter))
    for change in adapter.changes:
        for matrix in change.up.values():
            matrix.normal_(std=0.1)
    changed = made(text, adapter=adapter)
    assert not torch.allclose(changed, made(text), atol=1e-2)
    adapter.merge(made)
    assert torch.allclose(made(text), changed, atol=1e-4)
    few, all_ = (sum(p.numel() for p in m.parameters()) for m in (adapter, made))
    assert few < all_ / 3
