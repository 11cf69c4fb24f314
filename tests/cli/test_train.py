"""`train`: recipes from files and flags, the plan, and what comes after a training."""

from __future__ import annotations

import shutil

import pytest

from genstudio.cli import train
from genstudio.cli.screen import Screen
from genstudio.cli.session import Session
from genstudio.core import events
from genstudio.core.dataset import Dataset
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.recipe import Recipe
from genstudio.studio import recipes

SHAPES = Dataset(name="shapes", title="Shapes")


def test_settings_go_to_the_family_or_to_the_trainer():
    made = recipes.from_scratch("vae", SHAPES, "tiny")
    made = train.apply_settings(made, ["latent=16", "batch=8", "flip=true"], steps=5)
    assert made.options["latent"] == 16
    assert (made.settings.batch, made.settings.flip, made.settings.steps) == (8, True, 5)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("latent=0", "from 2"),
        ("batch=0", "batch"),
        ("learning_rate=fast", "learning_rate"),
        ("frob=1", "no setting 'frob'"),
        ("latent", "K=V"),
    ],
)
def test_bad_settings_are_sentences(word, sentence):
    made = recipes.from_scratch("vae", SHAPES, "tiny")
    with pytest.raises(UsageError, match=sentence.replace("K=V", "NAME=VALUE")):
        train.apply_settings(made, [word], None)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "RECIPE.json"),
        (("--family", "vae"), 2, "--data"),
        (("--family", "vae", "--from", "tiny-vae", "--data", "shapes"), 2, "one of"),
        (("--family", "vae", "--data", "gone"), 1, "gone"),
        (("--family", "frob", "--data", "shapes"), 1, "frob"),
        (("--from", "gone", "--data", "shapes"), 1, "gone"),
        (("--family", "vae", "--data", "shapes", "--preset", "huge"), 2, "tiny"),
        (("--family", "vae", "--data", "shapes", "--name", "Ü"), 2, "cannot be called"),
        (("--family", "vae", "--data", "shapes", "--steps", "0"), 2, "--steps"),
        (("absent.json",), 1, "absent.json"),
    ],
)
def test_sentences(cli, words, code, sentence):
    done = cli("train", *words)
    assert done.code == code, done.err
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_a_recipe_keeps_what_it_leaves_to_its_preset(tmp_path):
    read = Recipe.model_validate(
        {"format": 1, "family": "vae", "model": "m", "data": "shapes", "preset": "tiny",
         "settings": {"batch": 7}}
    )  # fmt: skip
    made = train.apply_settings(read, ["flip=true"], None)
    sent = made.model_dump(mode="json", exclude_unset=True)
    assert sent["settings"] == {"batch": 7, "flip": True}


def test_a_taken_name_gets_a_number(tiny_copy, capsys):
    session = Session(tiny_copy)
    screen = Screen()
    assert train.free_model_name(session, screen, "fresh") == "fresh"
    assert capsys.readouterr().err == ""
    assert train.free_model_name(session, screen, "tiny-vae") == "tiny-vae-2"
    assert "tiny-vae-2" in capsys.readouterr().err
    session.close()


def test_dry_run_prints_the_plan_and_trains_nothing(cli, tiny_copy):
    before = sorted(tiny_copy.runs.iterdir())
    words = ("--family", "vae", "--data", "shapes", "--preset", "tiny", "--steps", "10")
    done = cli("train", *words, "--set", "threads=1", "--dry-run")
    assert done.code == 0, done.err
    assert "10 steps on shapes" in done.out
    for word in ("a step", "in all", "memory", "disk"):
        assert word in done.out
    assert "Learning rate" not in done.err
    assert sorted(tiny_copy.runs.iterdir()) == before


def test_going_on_from_a_model_says_how(cli):
    words = ("--from", "tiny-vae", "--data", "shapes", "--steps", "10", "--set", "threads=1")
    done = cli("train", *words, "--dry-run")
    assert done.code == 0, done.err
    assert "Learning rate" in done.err
    assert "10 steps; " in done.err


def test_a_stop_from_elsewhere_is_no_failure_of_ours(tiny_copy, monkeypatch):
    session = Session(tiny_copy)
    monkeypatch.setattr(Session, "work", lambda *words: iter_of(events.Done()))
    with pytest.raises(train.Stopped, match="runs resume"):
        train.train_and_install(session, Screen(), {"run": "1"})


def plan_of(steps: int) -> events.Done:
    """As much of a plan as the command line reads."""
    settings = {"steps": steps, "patience": 8, "sample_every": 5, "validate_every": 5}
    means = {"title": "x", "settings": settings, "sentence": f"Fits {steps}.", "steps": steps}
    return events.Done(data={"sentence": "Fits.", "budgets": {"coffee": means}})


def test_combinations_can_be_held_out(cli, monkeypatch):
    asked = []

    def begun(self, role, name, body):
        asked.append(body["recipe"])
        raise UsageError("enough")

    monkeypatch.setattr(Session, "work", begun)
    words = ("--family", "diffusion", "--data", "captioned", "--preset", "tiny")
    done = cli("train", *words, "--hold-out", "small + disc", "--hold-out", "dim square")
    assert done.code != 0
    assert asked[0]["hold_out"] == ["small + disc", "dim square"]
    cli("train", *words)
    assert not asked[1].get("hold_out")


def test_a_time_becomes_steps_by_measuring_first(cli, tiny_copy, monkeypatch):
    asked = []

    def work(session, role, name, body):  # type: ignore[no-untyped-def]
        asked.append(name)
        yield plan_of(77)

    trained = []
    monkeypatch.setattr(Session, "work", work)
    monkeypatch.setattr(train, "train_and_install", lambda *words, **more: trained.append(words[2]))
    words = ("--family", "vae", "--data", "shapes", "--preset", "tiny", "--for", "coffee")
    done = cli("train", *words)
    assert done.code == 0, done.err
    assert asked == ["plan"]
    assert trained[0]["recipe"]["settings"]["steps"] == 77
    assert trained[0]["recipe"]["settings"]["patience"] == 8
    assert "Fits 77." in done.err
    dry = cli("train", *words, "--dry-run")
    assert "Fits 77." in dry.out
    assert len(trained) == 1


def test_a_time_that_is_unknown_is_refused(cli, monkeypatch):
    monkeypatch.setattr(Session, "work", lambda *words: iter([plan_of(5)]))
    done = cli("train", "--family", "vae", "--data", "shapes", "--for", "ever")
    assert done.code == 2
    assert "there is no time 'ever'; known are: coffee" in done.err


def test_a_plan_that_does_not_fit_says_what_to_turn(capsys):
    screen = Screen()
    knob = {"title": "Use a batch of 8"}
    data = {"sentence": "Will not fit.", "knob": knob, "little_data": "Few."}
    recipe = Recipe(family="vae", model="m", data="d")
    train.show_plan(screen, recipe, events.Done(data=data))
    out = capsys.readouterr().out
    assert "Will not fit." in out
    assert "To make it fit: Use a batch of 8." in out
    assert "Few." in out


def test_a_package_in_passing_is_installed_as_it_comes(tiny_copy, monkeypatch, capsys):
    package = tiny_copy.models / "tiny-vae"
    copy = tiny_copy.root / "tried"
    shutil.copytree(package, copy)
    monkeypatch.setattr(train, "_check_in_child", lambda *words: None)
    measured = []
    monkeypatch.setattr(train, "evaluate", lambda *words: measured.append(words[2].id))
    stream = iter_of(
        events.Result(path=str(copy), output="package"),
        events.Done(data={"run": "0001", "package": str(copy), "step": 3}),
    )
    monkeypatch.setattr(Session, "work", lambda *words: stream)
    session = Session(tiny_copy)
    train.train_and_install(session, Screen(), {"run": "1"})
    out, err = capsys.readouterr()
    assert "tiny-vae" in out
    assert "generate tiny-vae --out out" in err
    assert measured == ["tiny-vae"], "the finished one only"
    session.close()


def test_a_new_model_is_measured_on_its_own_data(tiny_copy, monkeypatch, capsys):
    asked = []

    def child(home, role, work, body):  # type: ignore[no-untyped-def]
        asked.append((role, work, body))
        if len(asked) > 1:
            raise NotFound("There is no dataset 'shapes'")
        return events.Done()

    monkeypatch.setattr("genstudio.cli.child_work.do_in_child", child)
    session = Session(tiny_copy)
    model = session.studio.library.get("tiny-gan")
    train.evaluate(session, Screen(), model)
    body = {"model": "tiny-gan", "data": "shapes", "samples": 2000, "seed": 0}
    assert asked == [("generate", "evaluate", body)]
    assert "Not measured" not in capsys.readouterr().err
    train.evaluate(session, Screen(), model)
    assert "Not measured: There is no dataset 'shapes'" in capsys.readouterr().err
    session.close()


def iter_of(*said: events.Event):  # type: ignore[no-untyped-def]
    """A generator, as work is one."""
    yield from said
