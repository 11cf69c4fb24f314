"""A finished training on music against two references on the same tokens.

`python -m benchmarks.music_likelihood --home HOME --run 0012-bach-lstm`: bits a note and a quarter
of held-out pieces, by the program's own evaluation (`evaluation.music_likelihood`), of the model,
of a Markov model of order 5 with back-off (`benchmarks.markov`) that counted the same training
pieces in the same keys, and of transformers' GPT-2 with as many parameters, trained on the same
windows for as many minutes by nanoGPT's recipe (`benchmarks.shakespeare`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks import shakespeare
from benchmarks.markov import ORDER, Markov
from benchmarks.rows import Row, table
from genstudio import families
from genstudio.core.paths import Home
from genstudio.core.run import Run
from genstudio.datasets import store
from genstudio.engine import device
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import music_splits
from genstudio.evaluation.music_likelihood import ratio, sums
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.music_pieces import Row as Score
from genstudio.evaluation.music_pieces import Work, row
from genstudio.media.note_cells import fitting
from genstudio.media.note_tokens import NoteTokens
from genstudio.studio.runs import Runs
from genstudio.training.setup import Ready, prepare
from genstudio.training.sheet_batches import HIGHEST, LOWEST
from genstudio.workers.context import model_folder

BAR = 1.0
"""Bits over those of a reference: less is better."""


@dataclass(frozen=True)
class Cost:
    """Bits a note and a quarter of the held-out pieces, with their 95 % intervals."""

    note: tuple[float, float, float]
    quarter: tuple[float, float, float]


class Reading:
    """A network of the reference library as `evaluation` asks it; it only reads."""

    def __init__(self, network: torch.nn.Module, context: int) -> None:
        self._network, self.context = network.eval(), context

    @torch.no_grad()
    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Logits float32 (b, t, v) of what follows each of the tokens (b, t)."""
        logits: torch.Tensor = self._network(torch.from_numpy(tokens)).logits
        return logits.numpy()


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.music_likelihood", description=__doc__
    )
    parser.add_argument("--home", type=Path, required=True, help="data folder of the run")
    parser.add_argument("--run", required=True, help="a finished training on music")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0, help="steps of GPT-2 (0: fair)")
    parser.add_argument("--no-gpt2", action="store_true", help="Markov alone: minutes, not hours")
    chosen = parser.parse_args()
    home = Home(chosen.home.absolute())
    run = Runs(home).get(chosen.run)
    torch.set_num_threads(chosen.threads)
    found = list(compared(home, run, chosen.steps, chosen.threads, not chosen.no_gpt2))
    print(table(found))
    return int(any(row.met is False for row in found))


def compared(home: Home, run: Run, steps: int, threads: int, gpt2: bool) -> Iterator[Row]:
    """The model against each reference."""
    material = material_of(home, run, threads)
    tokenizer, rows = material.tokenizer, material.rows
    own = cost(material.needed_stepper(), tokenizer, rows)
    title = material.model.manifest.id
    said = f"{len(rows)} stretches of held-out pieces, {sum(one.notes for one in rows):,} notes"
    markov = Markov(training_rows(tokenizer, material.train), tokenizer.size)
    yield from against(title, own, f"Markov of order {ORDER}", cost(markov, tokenizer, rows), said)
    if gpt2:
        network, told = reference(home, run, steps)
        other = cost(network, tokenizer, rows)
        yield from against(title, own, "GPT-2", other, f"{said}; {told}")


def material_of(home: Home, run: Run, threads: int) -> MusicMaterial:
    """The finished model and the pieces that were kept from its training."""
    folder = model_folder(home, run.recipe.model)
    model = LoadedModel.open(folder, device.choose("cpu", threads))
    make = families.part(run.recipe.family, "sample").make_stepper
    data = store.folder_of(home, run.recipe.data)
    return music_splits.material_of(model, data, 1, 0, (make, {}), {})


def cost(stepper: object, tokenizer: NoteTokens, rows: list[Score]) -> Cost:
    """What the pieces cost a model that can read."""
    asked: Stepper = stepper  # type: ignore[assignment]
    nats = sums(asked, tokenizer, rows)
    notes, quarters = (
        np.array([one.notes for one in rows], np.float64),
        np.array([one.quarters for one in rows]),
    )
    return Cost(ratio(nats, notes), ratio(nats, quarters))


def training_rows(tokenizer: NoteTokens, works: Sequence[Work]) -> Iterator[np.ndarray]:
    """Whole pieces as a model of the family reads them, in each of the keys it meets."""
    for work in works:
        if not fitting(work.piece, tokenizer.table):
            continue
        made = row(tokenizer, work)
        ids = np.array([made.lead, *tokenizer.window(made.cells)], np.int64)
        for semitones in range(LOWEST, HIGHEST + 1):
            try:
                yield tokenizer.transposed(ids, semitones)
            except ValueError:
                continue  # its notes would leave the range: training does not move it so far


def reference(home: Home, run: Run, steps: int = 0) -> tuple[Reading, str]:
    """(GPT-2 trained for as long as the model was, what is to be said of it)."""
    ready: Ready = shakespeare.finished(prepare(home, run.recipe, families.part, None, "cpu"))
    with tempfile.TemporaryDirectory(prefix="genstudio-music-") as folder:
        trainer = ready.trainer(Path(folder))
    mine = sum(p.numel() for p in ready.objective.networks["network"].parameters())
    network = shakespeare.gpt2(ready, mine)
    theirs = sum(p.numel() for p in network.parameters())
    pace = shakespeare.pace(trainer, network)
    fair = steps or max(1, round(run.recipe.settings.steps * pace))
    shakespeare.train(network, trainer.batches, fair)
    context = ready.config["context"]
    assert isinstance(context, int)
    words = f"{theirs:,} parameters in {fair} steps, ours {mine:,} in {run.recipe.settings.steps}"
    return Reading(network, context), words


def against(title: str, own: Cost, name: str, other: Cost, said: str) -> Iterator[Row]:
    """Bits of the model over those of a reference."""
    pairs = (("note", own.note, other.note), ("quarter", own.quarter, other.quarter))
    for unit, mine, theirs in pairs:
        words = f"{told(mine)} against {told(theirs)} bits; {said}"
        yield Row(f"{title}: bits a {unit} over {name}", mine[0] / theirs[0], "×", BAR, note=words)


def told(value: tuple[float, float, float]) -> str:
    """ "3.21 (3.1 to 3.3)"."""
    return f"{value[0]:.3g} ({value[1]:.3g} to {value[2]:.3g})"


if __name__ == "__main__":
    sys.exit(main())
