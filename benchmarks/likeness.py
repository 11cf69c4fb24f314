"""How good the pictures of diffusion models are: `python -m benchmarks.likeness --home DIR`.

Fréchet distances and recall by the program's own evaluation, on a dataset of the data folder, with
the same seed, judge and number of samples for all that is compared: few steps against many, a
distilled model against its teacher's many steps, and one family against others. The interval of a
distance is that of its groups (`evaluation.intervals`); a ratio carries no interval of its own.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.rows import Row, table
from genstudio import families
from genstudio.core.events import Done, Progress
from genstudio.core.manifest import Score
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.engine import device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import judges
from genstudio.evaluation.evaluate import evaluate
from genstudio.workers.context import model_folder, package_folders

STEPS, MANY = 20, 250
NEAR, DISTILLED, FLOOR = 1.10, 1.30, 5.0
"""The bars: 20 steps against 250, 4 distilled steps against 250, samples against real pictures."""
MODEL, DATA, PEERS = "fashion-diffusion", "fashion-mnist", ("fashion-gan", "fashion-vae")

Scores = dict[str, Score]


def main() -> int:
    """Print the table; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.likeness", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="data folder with the dataset")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--data", default=DATA, help="name of the dataset in it")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help="models to be better than")
    parser.add_argument("--student", default="", help="the distilled model of the same data")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--many", type=int, default=500, help="samples where steps are compared")
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args()
    bench = Bench(Home(chosen.home.absolute()), chosen.data, chosen.threads)
    found = list(bench.against_real(chosen.model, chosen.peers, chosen.samples))
    found += bench.by_steps(chosen.model, chosen.student, chosen.many)
    print(table(found))
    return int(any(row.met is False for row in found))


class Bench:
    """Evaluations on one dataset of one data folder."""

    def __init__(self, home: Home, data: str, threads: int = 0) -> None:
        self.home, self.data = home, store.folder_of(home, data)
        self.device = device.choose("cpu", threads)
        dataset = store.open_dataset(self.data)
        self.judge = judges.appoint(package_folders(home), dataset).extractor

    def scores(self, model: str, samples: int, **values: Json) -> Scores:
        """Fréchet distance and recall of a model asked with `values`."""
        folder = model_folder(self.home, model)
        with LoadedModel.open(folder, self.device) as opened:
            prompt = _prompt(opened)
        began = time.monotonic()
        found: list[Score] = []
        stream = evaluate(
            folder,
            self.judge,
            self.data,
            ("frechet", "recall"),
            samples,
            tasks=lambda family: families.part(family, "sample").TASKS,
            values=values,
            prompt=prompt,
            device=self.device,
        )
        for event in stream:
            if isinstance(event, Progress):
                words = f"{model} {values or ''}: {event.text}"
                print(f"\r{words:<78}", end="", file=sys.stderr, flush=True)
            if isinstance(event, Done):
                found = [Score.model_validate(score) for score in _list(event.data["scores"])]
        print(f" {time.monotonic() - began:.0f} s", file=sys.stderr)
        return {score.metric: score for score in found}

    def against_real(self, model: str, peers: list[str], samples: int) -> Iterator[Row]:
        """The distance to real pictures over theirs to each other, and over that of `peers`."""
        mine = self.scores(model, samples)
        distance = mine["frechet"]
        yield Row(
            f"{model}: Fréchet distance over that of real pictures",
            distance.value / (distance.floor or float("nan")),
            "×",
            FLOOR,
            note=f"{_told(distance)}, real pictures {distance.floor:.3g}; {samples} samples",
        )
        for peer in peers:
            other = self.scores(peer, samples)
            yield Row(
                f"{model} over {peer}: Fréchet distance",
                distance.value / other["frechet"].value,
                "×",
                1.0,
                note=f"{_told(distance)} against {_told(other['frechet'])}",
            )
            yield Row(
                f"{model} over {peer}: recall",
                mine["recall"].value / other["recall"].value,
                "×",
                1.0,
                "at least",
                f"{mine['recall'].value:.3f} against {other['recall'].value:.3f}",
            )

    def by_steps(self, model: str, student: str, samples: int) -> Iterator[Row]:
        """Few steps, and distilled ones, against 250 steps of DDPM."""
        many = self.scores(model, samples, sampler="ddpm", steps=MANY)["frechet"]
        few = self.scores(model, samples, sampler="dpm", steps=STEPS)["frechet"]
        yield _ratio(f"DPM-Solver++ in {STEPS} steps", few, many, NEAR, samples)
        if student:
            distilled = self.scores(student, samples)["frechet"]
            yield _ratio(f"{student}, distilled", distilled, many, DISTILLED, samples)


def _ratio(name: str, found: Score, many: Score, bar: float, samples: int) -> Row:
    return Row(
        f"{name}: Fréchet distance over DDPM in {MANY} steps",
        found.value / many.value,
        "×",
        bar,
        note=f"{_told(found)} against {_told(many)}; {samples} samples, the same noise to begin",
    )


def _told(score: Score) -> str:
    if score.low is None or score.high is None:
        return f"{score.value:.3g}"
    return f"{score.value:.3g} ({score.low:.3g} to {score.high:.3g})"


def _prompt(model: LoadedModel) -> str:
    """Name of the text by which samples are asked for, "" where there is none."""
    task = families.family(model.manifest.family).task(model.config, "sample")
    roles: Mapping[str, str] = {c.name: getattr(c, "role", "") for c in task.controls}
    return next((name for name, role in roles.items() if role == "prompt"), "")


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


if __name__ == "__main__":
    sys.exit(main())
