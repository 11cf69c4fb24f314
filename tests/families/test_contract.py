"""The contract of every family: what the rest of the program relies on, checked for all alike."""

from __future__ import annotations

import copy
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from genstudio import families
from genstudio.core import controls
from genstudio.core.controls import FileInput, ImageInput, Int, MaskInput, Text
from genstudio.core.events import Log, Progress
from genstudio.core.family import Family, Task
from genstudio.core.manifest import RECIPE
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import TRY_FILE
from genstudio.engine import device, probe
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel, Stopped
from genstudio.engine.outputs import Animation, Blob, Picture, Report, Sound, Writing
from genstudio.training import detectors, watching
from genstudio.training.device import choose
from genstudio.training.doctor import History
from genstudio.training.feeding import feed
from genstudio.training.rounds import Rounds
from genstudio.training.trainer import Trainer
from tests.helpers import sounds
from tests.helpers.learning import SOUND, TEXT, TOKENIZER, data, tiny

NAMES = families.names()
KINDS = {
    "image": Picture, "animation": Animation, "file": Blob, "report": Report, "text": Writing,
    "sound": Sound,
}  # fmt: skip
SAID = {"prompt": "There was a", "before": "There", "after": " sea.", "passage": "Buy some pears."}
"""What is typed into texts, by their role."""


def objective(name: str):
    """The objective of the tiny preset with weights from a fixed seed."""
    config, options, _ = tiny(name)
    torch.manual_seed(7)
    made = families.part(name, "objective").make(config, options)
    if name in TEXT:
        made.tokenizer = TOKENIZER
    return made


def batches_of(name: str):
    """Batches of eight, the same data held out."""
    return feed(data(name), data(name), tiny(name)[2], 0, "cpu")


# ---- family.py -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_family_loads_with_core_only(name):
    code = (
        "import sys, genstudio.families as f\n"
        f"family = f.family({name!r})\n"
        "heavy = {'numpy', 'torch', 'onnxruntime', 'PySide6', 'PIL'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", NAMES)
def test_words_and_defaults(name):
    family = families.family(name)
    assert family.name == name
    assert family.title
    assert family.summary
    assert family.references, "the sources of the method"
    presets = [preset.name for preset in family.presets]
    assert "tiny" in presets
    assert "large" in presets
    for preset in family.presets:
        controls.check_values(family.options, preset.options)
        TrainerSettings(**preset.settings)
    config, _, _ = tiny(name)
    for control in (*family.options, *(c for t in family.tasks(config) for c in t.controls)):
        assert control.label
        assert control.help, f"{name}: {control.name} has no help"
    for task in family.tasks(config):
        controls.check_values(task.controls, {})
        assert not task.compare_input or task.control(task.compare_input)


OF_KIND = {
    "music": {"tokenizer": "notes", "fim": True, "velocities": 8, "timing": 8, "drums": True}
}
"""What a config says of a model of a further kind that can be asked everything."""


@pytest.mark.parametrize("name", NAMES)
def test_tasks_declared_are_tasks_made(name):
    config, _, _ = tiny(name)
    family = families.family(name)
    kinds = [config] + [{**config, **OF_KIND[kind]} for kind in family.also]
    found = [[task.name for task in family.tasks(kind)] for kind in kinds]
    assert set().union(*found) == set(families.part(name, "sample").TASKS)
    for declared in found:
        assert len(set(declared)) == len(declared)


# ---- training --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_each_phase_moves_only_its_own_parameters(name):
    made, (_, _, settings) = objective(name), tiny(name)
    rounds = Rounds(made, settings, batches_of(name), 0)
    assert rounds.phases
    for phase in rounds.phases:
        before = {n: weights(m) for n, m in made.networks.items()}
        for number in range(3):  # layers that begin at zero let nothing through at first
            values = rounds._update(phase, number, info(settings), 1e-3, (0, number, 0, 0))
        assert all(map(math.isfinite, values.values()))
        moved = {n for n, m in made.networks.items() if not same(weights(m), before[n])}
        assert moved == set(phase.networks), phase.name


@pytest.mark.parametrize("name", NAMES)
def test_resumed_equals_uninterrupted(name, tmp_path, monkeypatch):
    """With augmentation, validation, samples, the doctor, and the model handed out in between."""
    monkeypatch.setattr(watching, "SHOWN", 8)
    whole = train(name, tmp_path / "whole", stops=())
    parts = train(name, tmp_path / "parts", stops=(2, 3), tries=True)
    for kind in ("networks", "ema", "optimisers"):
        assert same(flat(whole[kind]), flat(parts[kind])), kind
    for file in ("metrics.jsonl", "advice.jsonl"):
        logs = [(tmp_path / folder / file).read_bytes() for folder in ("whole", "parts")]
        assert logs[0] == logs[1], file


def train(name: str, folder: Path, stops: tuple[int, ...], tries: bool = False) -> dict:
    """State after six rounds, interrupted after the given rounds and begun anew each time."""
    _, _, settings = tiny(name)
    settings = settings.model_copy(
        update={
            "steps": 6, "validate_every": 3, "sample_every": 2, "checkpoint_seconds": 3600,
            "flip": True, "shift": 0.1, "colour": 0.2, "cutout": 0.3,
        }
    )  # fmt: skip
    recipe = Recipe(family=name, model="toy", data="pictures", settings=settings, seed=3)
    folder.mkdir()
    for stop in (*stops, 6):
        trained = data(name)
        trainer = Trainer(recipe, objective(name), trained, trained, folder, choose("cpu", 1))
        trainer.attempt = lambda made=trainer: hand_out(made)
        run = trainer.run()
        for event in run:
            if tries and isinstance(event, Progress):
                (folder / TRY_FILE).write_bytes(b"")
            if trainer.step >= stop and stop < 6:
                break
        run.close()
    assert trainer.step == 6
    return trainer._parts()


def hand_out(trainer: Trainer):
    """What packing does to the objective in mid-training: copies, the last touches, a sheet."""
    with watching.quiet(trainer.objective, trainer.ema) as networks:
        copies = copy.deepcopy(dict(networks))
        draws = (trainer.batches.draw(number) for number in range(8))  # there are no more
        trainer.objective.finish(copies, draws, trainer.seed)
        watching.cover(trainer.objective, copies, trainer.batches, trainer.seed)
    torch.rand(7)
    yield Log(text="handed out")


@pytest.mark.parametrize("name", NAMES)
def test_validation_gives_the_number_that_chooses_the_model(name):
    made = objective(name)
    assert made.best is not None, "patience and the best checkpoint need a number"
    number, better = made.best
    assert better in ("lower", "higher")
    batch = next(batches_of(name).held_out())
    for network in made.networks.values():
        network.eval()
    with torch.no_grad():
        first, second = (float(made.validate(made.networks, batch)[number]) for _ in range(2))
    assert math.isfinite(first)
    assert first == second, "validation must not depend on chance"
    settings = [TrainerSettings(**p.settings) for p in families.family(name).presets]
    assert all(s.validate_every and s.holdout for s in settings)


@pytest.mark.parametrize("name", NAMES)
def test_samples_for_the_doctor_are_drawn_from_fixed_noise(name):
    made = objective(name)
    batch = batches_of(name).shown(1)
    for network in made.networks.values():
        network.eval()
    with torch.no_grad():
        found = made.samples(made.networks, batch, 6, seed=1)
        if found is None:
            assert name in TEXT + SOUND or families.family(name).modality == "judge"
            return
        assert found.shape == (6, 28, 28, 1)
        assert found.dtype == np.uint8
        assert np.array_equal(found, made.samples(made.networks, batch, 6, seed=1))
        assert not np.array_equal(found, made.samples(made.networks, batch, 6, seed=2))


@pytest.mark.parametrize("name", TEXT)
def test_live_texts_follow_from_the_seed_and_leave_the_training_alone(name):
    made, batch = objective(name), batches_of(name).shown(2)
    made.options["prompts"] = "There was\n\nBuy"
    for network in made.networks.values():
        network.eval()
    state = torch.get_rng_state()
    with torch.no_grad():
        first, again, other = (made.writes(made.networks, batch, 3, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert first == again != other
    assert [one.prompt for one in first] == ["There was", "Buy", "There was"]
    assert all(len(one.text) > 0 for one in first)
    made.options["prompts"] = ""
    with torch.no_grad():
        begun = made.writes(made.networks, batch, 2, 1)
    shown = [TOKENIZER.decode(row.tolist()) for row in batch.tokens]
    assert all(one.prompt and one.prompt in text for one, text in zip(begun, shown, strict=True))


@pytest.mark.parametrize("name", SOUND)
def test_live_sounds_follow_from_the_seed_and_leave_the_training_alone(name):
    made, batch = objective(name), batches_of(name).shown(2)
    for network in made.networks.values():
        network.eval()
    state = torch.get_rng_state()
    with torch.no_grad():
        (first, rate), (again, _), (other, _) = (
            made.sounds(made.networks, batch, 3, seed) for seed in (1, 1, 2)
        )
    assert torch.equal(torch.get_rng_state(), state)
    assert (rate, len(first)) == (sounds.RATE, 3)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert made.asked(batch, 3) == ["beep", "knock", "beep"]


@pytest.mark.parametrize("name", NAMES)
def test_detectors_have_names_of_their_own_and_see_nothing_in_nothing(name):
    own = objective(name).detectors()
    names = [each.name for each in (*detectors.general(), *own)]
    assert len(set(names)) == len(names)
    for detector in own:
        assert detector.over.endswith(".")
        assert detector.look(History(tiny(name)[2])) is None


@pytest.mark.parametrize("name", NAMES)
def test_what_may_change_freely_is_part_of_the_config(name):
    config, _, _ = tiny(name)
    assert families.family(name).free <= config.keys()


def info(settings):
    """A step of a training with these settings in which all that is to move does."""
    from genstudio.training.objective import StepInfo

    return StepInfo(settings.steps // 2, settings.steps)


def weights(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Copies of all parameters."""
    return {name: p.detach().clone() for name, p in network.named_parameters()}


def flat(tree, path: str = "") -> dict[str, torch.Tensor]:
    """All tensors of nested dictionaries and lists by path."""
    if isinstance(tree, torch.Tensor):
        return {path: tree}
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return {k: v for key, value in items for k, v in flat(value, f"{path}/{key}").items()}


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    """True where all tensors agree bit for bit."""
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


# ---- package and tasks -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(tiny_packages):
    """One opened tiny model of every family."""
    models = {n: LoadedModel.open(tiny_packages[n], device.choose("cpu", 1)) for n in NAMES}
    yield models
    for model in models.values():
        model.close()


@pytest.mark.parametrize("name", NAMES)
def test_probe_agrees(name, opened):
    report = probe.verify_probe(opened[name])
    assert report.ok, report.text
    assert Recipe.read(opened[name].folder / RECIPE).family == name


def every_task() -> list[tuple[str, str]]:
    """(family, task) for all."""
    return [(n, t.name) for n in NAMES for t in families.family(n).tasks(tiny(n)[0])]


def latent_file(name: str, model: LoadedModel, folder: Path) -> Path:
    """A file made by the family's own `encode`, for the tasks that read one."""
    task = families.family(name).task(model.config, "encode")
    *_, blob = (o for o in run(name, model, task, {}, folder) if isinstance(o, Blob))
    path = folder / f"made{blob.suffix}"
    path.write_bytes(blob.content)
    return path


def sound_file(_name: str, _model: LoadedModel, folder: Path) -> Path:
    """A short sound."""
    path = folder / "given.wav"
    path.write_bytes(sounds.wav(sounds.sound("beep", 99)))
    return path


def answer_inputs(name: str, model: LoadedModel, task: Task, folder: Path) -> dict:
    """Something fitting for every input of a task."""
    picture = np.random.default_rng(1).integers(0, 256, (40, 36, 3), dtype=np.uint8)
    mask = np.zeros((40, 36, 1), np.uint8)
    mask[10:20] = 255
    given = {}
    for control in task.inputs():
        if isinstance(control, ImageInput):
            given[control.name] = picture
        elif isinstance(control, MaskInput):
            given[control.name] = mask
        elif isinstance(control, FileInput):
            own = sound_file if name in SOUND else latent_file
            given[control.name] = own(name, model, folder)
    return given


def ask_for(name: str, model: LoadedModel, task: Task, changes: dict, folder: Path, **more) -> Ask:
    """An Ask with small counts."""
    wanted = {"count": 3, "frames": 5, "length": 24, "position": 9, **changes}
    given: dict = {
        c.name: min(c.high, wanted[c.name])
        for c in task.controls
        if isinstance(c, Int) and c.name in wanted
    }
    if name in TEXT:
        given |= {c.name: SAID[c.role] for c in task.controls if isinstance(c, Text) and c.role}
    values = controls.check_values(task.controls, given)
    count = values.get("count", 1)
    inputs = answer_inputs(name, model, task, folder)
    return Ask(values=values, seed=more.pop("seed", 11), count=count, inputs=inputs, **more)


def run(name: str, model: LoadedModel, task: Task, changes: dict, folder: Path, **more) -> list:
    """All that the task yields."""
    ask = ask_for(name, model, task, changes, folder, **more)
    return list(families.part(name, "sample").TASKS[task.name](model, ask))


def content(output) -> np.ndarray:
    """What a result holds, as an array."""
    if isinstance(output, Picture):
        return output.pixels
    if isinstance(output, Animation):
        return output.frames
    if isinstance(output, Blob):
        return np.frombuffer(output.content, np.uint8)
    if isinstance(output, Writing):
        return np.array([ord(sign) for sign in output.text])
    if isinstance(output, Sound):
        return np.rint(output.samples * 127)
    return np.array(sorted(v for v in output.data.values() if isinstance(v, float)))


def results(outputs: list) -> list:
    """The finished results among what a task yields."""
    kinds = tuple(KINDS.values())
    return [o for o in outputs if isinstance(o, kinds) and not getattr(o, "passing", False)]


@pytest.mark.parametrize(("name", "task_name"), every_task())
def test_task_runs_repeats_and_counts(name, task_name, opened, tmp_path):
    model, family = opened[name], families.family(name)
    task = family.task(model.config, task_name)
    first, second = (run(name, model, task, {}, tmp_path) for _ in range(2))
    made = results(first)
    count = 3 if any(c.name == "count" for c in task.controls) else 1
    assert [o.index for o in made] == list(range(count))
    assert all(isinstance(o, KINDS[task.output]) for o in made)
    for a, b in zip(made, results(second), strict=True):
        assert np.array_equal(content(a), content(b)), "not the same for the same seed"
    check_progress([o for o in first if isinstance(o, Progress)])


def check_progress(said: list[Progress]) -> None:
    """Progress rises from step to step and ends at its total."""
    assert said
    assert all(a.done <= b.done for a, b in pairwise(said))
    assert said[-1].done == said[-1].total > 0


def random_tasks() -> list[tuple[str, str]]:
    """The tasks that make several pictures from noise."""
    pairs = []
    for name, task_name in every_task():
        task = families.family(name).task(tiny(name)[0], task_name)
        if any(c.name == "count" for c in task.controls) and not task.inputs():
            pairs.append((name, task_name))
    return pairs


@pytest.mark.parametrize(("name", "task_name"), random_tasks())
def test_a_picture_alone_equals_the_same_of_a_batch(name, task_name, opened, tmp_path):
    model = opened[name]
    task = families.family(name).task(model.config, task_name)
    many = results(run(name, model, task, {"count": 20}, tmp_path))
    assert len(many) == min(20, task.control("count").high)
    for index in (0, len(many) // 3, len(many) - 1):
        (alone,) = results(run(name, model, task, {"count": 1}, tmp_path, first=index))
        assert alone.index == index
        assert content(alone).shape == content(many[index]).shape
        difference = content(alone).astype(int) - content(many[index])
        assert np.abs(difference).max() <= (name not in TEXT)
    other = results(run(name, model, task, {"count": 1}, tmp_path, seed=12))
    assert not np.array_equal(content(other[0]), content(many[0]))


def running_tasks() -> list[tuple[str, str]]:
    """The tasks that run a network; finding copied passages does not."""
    return [(name, task_name) for name, task_name in every_task() if task_name != "copies"]


@pytest.mark.parametrize(("name", "task_name"), running_tasks())
def test_cancel_stops_within_a_step(name, task_name, opened, tmp_path):
    model = opened[name]
    task = families.family(name).task(model.config, task_name)
    ask = ask_for(name, model, task, {"count": 64, "frames": 64}, tmp_path)
    steps = families.part(name, "sample").TASKS[task.name](model, ask)
    next(steps)
    model.stop()
    try:
        with pytest.raises(Stopped):
            list(steps)
    finally:
        model.begin()
    assert results(run(name, model, task, {}, tmp_path)), "the model works again afterwards"


def test_the_catalog_is_not_empty():
    assert all(isinstance(families.family(name), Family) for name in NAMES)
    assert len(NAMES) >= 3
