"""A finished training on text against nanoGPT's recipe, equal in parameters and minutes.

`python -m benchmarks.shakespeare --home HOME --run 0012-shakespeare-lstm`: the reference is
transformers' GPT-2 with as many parameters, trained on the same windows as nanoGPT trains it
(github.com/karpathy/nanoGPT, config/train_shakespeare_char.py and its README's advice for CPUs:
AdamW, rate 1e-3 falling along a cosine to 1e-4, 100 steps of warm-up, betas 0.9 and 0.99, decay
0.1, gradients clipped at 1, no dropout). Steps of both are timed in turns, so that the reference
gets as many steps as fit into the time of ours. Both are judged by the same held-out windows:
nanoGPT's last tenth of the text.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from benchmarks.rows import Row, interleaved, table
from genstudio import families
from genstudio.core.paths import Home
from genstudio.core.run import Run
from genstudio.studio.runs import Runs
from genstudio.training.feeding import Feed
from genstudio.training.objective import Sequences
from genstudio.training.setup import Ready, prepare
from genstudio.training.trainer import Trainer

RATE, LAST_RATE, WARMUP, DECAY, CLIP = 1e-3, 1e-4, 100, 0.1, 1.0
BAR = 1.60
TIMED = 5
HEADS = 4
SAID = 50


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shakespeare", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="data folder of the run")
    parser.add_argument("--run", required=True, help="a finished training on text")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0, help="steps of the reference (0: fair)")
    chosen = parser.parse_args()
    home = Home(chosen.home)
    run = Runs(home).get(chosen.run)
    torch.set_num_threads(chosen.threads)
    found = compared(home, run, own_loss(home, run), chosen.steps)
    print(table(found))
    return int(any(row.met is False for row in found))


def own_loss(home: Home, run: Run) -> float:
    """Held-out nats a token of the state that became the model: the best validation."""
    lines = Runs(home).metrics(run.id)
    return min(float(line["valid/loss"]) for line in lines if "valid/loss" in line)  # type: ignore[arg-type]


def compared(home: Home, run: Run, own: float, steps: int = 0) -> list[Row]:
    """Train the reference and compare."""
    ready = finished(prepare(home, run.recipe, families.part, None, "cpu"))
    with tempfile.TemporaryDirectory(prefix="genstudio-shakespeare-") as folder:
        trainer = ready.trainer(Path(folder))
    mine = sum(p.numel() for p in ready.objective.networks["network"].parameters())
    reference = gpt2(ready, mine)
    theirs = sum(p.numel() for p in reference.parameters())
    ratio = pace(trainer, reference)
    fair = steps or max(1, round(run.recipe.settings.steps * ratio))
    train(reference, trainer.batches, fair)
    loss = held_out(reference, trainer.batches)
    note = (
        f"{run.recipe.family}, {mine:,} parameters, {run.recipe.settings.steps} steps of "
        f"{run.recipe.settings.batch} x {ready.config['context']} tokens"
    )
    said = f"GPT-2 of {theirs:,} parameters, {fair} steps: {loss:.4f} nats"
    return [
        Row("held-out loss on Shakespeare's characters", own, "nats", BAR, "at most", note),
        Row("loss over that of nanoGPT's recipe", own / loss, "x", 1.0, "at most", said),
    ]


def finished(work: object) -> Ready:
    """What a generator of events returns at its end."""
    try:
        while True:
            next(work)  # type: ignore[call-overload]
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def gpt2(ready: Ready, parameters: int) -> torch.nn.Module:
    """GPT-2 without dropout, as deep as ours where that is a transformer, as near as possible to
    so many parameters."""
    from transformers import GPT2Config, GPT2LMHeadModel

    config = ready.config
    layers = int(config["layers"]) if "heads" in config else 4  # type: ignore[arg-type]
    tables = int(config["vocabulary"]) + int(config["context"])  # type: ignore[arg-type]

    def size(width: int) -> int:
        return 12 * layers * width * width + tables * width

    width = min(range(32, 2048, HEADS * 4), key=lambda w: abs(size(w) - parameters))
    torch.manual_seed(ready.recipe.seed)
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=int(config["vocabulary"]),  # type: ignore[arg-type]
            n_positions=int(config["context"]),  # type: ignore[arg-type]
            n_embd=width, n_layer=layers, n_head=HEADS,
            bos_token_id=None, eos_token_id=None,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, use_cache=False,
        )
    )  # fmt: skip


def pace(trainer: Trainer, reference: torch.nn.Module) -> float:
    """Seconds of a step of ours over one of the reference."""
    other = optimiser(reference)
    place = iter(range(1_000_000))

    def ours() -> None:
        trainer.rounds.round(next(place))

    def theirs() -> None:
        step(reference, other, trainer.batches.draw(next(place)), 0.0)

    works: dict[str, Callable[[], float | None]] = {"ours": ours, "theirs": theirs}
    interleaved(works, 1)  # the first step of each prepares what later ones reuse
    found = interleaved(works, TIMED)
    return found["ours"] / found["theirs"]


def optimiser(network: torch.nn.Module) -> torch.optim.Optimizer:
    """nanoGPT's: matrices decay."""
    every = list(network.parameters())
    groups = [
        {"params": [p for p in every if p.ndim > 1], "weight_decay": DECAY},
        {"params": [p for p in every if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), fused=True)


def train(network: torch.nn.Module, feed: Feed, steps: int) -> None:
    """So many steps on the windows that ours saw, in their order."""
    network.train()
    rule = optimiser(network)
    for number in range(steps):
        loss = step(network, rule, feed.draw(number), rate(number, steps))
        if (number + 1) % SAID == 0:
            print(f"reference: step {number + 1} of {steps}, {loss:.3f}", file=sys.stderr)


def rate(number: int, steps: int) -> float:
    """Learning rate of step `number` (nanoGPT, train.py, get_lr)."""
    if number < WARMUP:
        return RATE * (number + 1) / (WARMUP + 1)
    share = (number - WARMUP) / max(1, steps - WARMUP)
    return LAST_RATE + 0.5 * (1 + math.cos(math.pi * share)) * (RATE - LAST_RATE)


def step(
    network: torch.nn.Module, rule: torch.optim.Optimizer, batch: Sequences, lr: float
) -> float:
    """One step of the reference; its loss."""
    for group in rule.param_groups:
        group["lr"] = lr
    loss = told(network, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
    rule.step()
    rule.zero_grad()
    return float(loss.detach())


def told(network: torch.nn.Module, batch: Sequences) -> Tensor:
    """Mean nats of the tokens behind the first, as much as each counts."""
    tokens, weight = batch.tokens, batch.weight
    logits = network(tokens[:, :-1]).logits.flatten(0, 1)  # (b * t, vocabulary)
    if weight is None:
        return F.cross_entropy(logits, tokens[:, 1:].flatten())
    nats = F.cross_entropy(logits, tokens[:, 1:].flatten(), reduction="none")
    return (nats * weight.flatten()).sum() / weight.sum()


@torch.no_grad()
def held_out(network: torch.nn.Module, feed: Feed) -> float:
    """Mean nats over the held-out windows, as a validation of ours takes it."""
    network.eval()
    batches = list(feed.held_out())
    sums = [float(told(network, batch)) * batch.size for batch in batches]
    return sum(sums) / sum(batch.size for batch in batches)


if __name__ == "__main__":
    sys.exit(main())
