"""A run in words."""

from __future__ import annotations

import pytest

from genstudio.core.errors import Problem
from genstudio.core.manifest import Score
from genstudio.core.paths import Home
from genstudio.core.recipe import TrainerSettings
from genstudio.core.run import Run
from genstudio.ui.state import run_words as say
from genstudio.ui.state.run_reading import Look
from genstudio.ui.state.run_speed import Speed
from tests.helpers import fake_runs


@pytest.fixture
def run(tmp_path, qapp):
    return fake_runs.keep(Home(tmp_path), number=7)


def test_title_names_number_kind_and_data(run):
    assert say.title(run) == "0007 · VAE · Shapes"
    untitled = run.model_copy(update={"recipe": fake_runs.recipe(title="")})
    assert say.title(untitled) == "0007 · VAE · vae-shapes"


def test_a_family_of_tomorrow_keeps_its_name():
    assert say.family_title("hologram") == "hologram"


@pytest.mark.parametrize(
    ("state", "phase"),
    [("new", "paused"), ("running", "running"), ("stopped", "paused"), ("done", "done"),
     ("failed", "failed")],
)  # fmt: skip
def test_phase_of_a_folder(run, state, phase):
    look = Look(run.id, run.model_copy(update={"state": state}))
    assert say.phase_of(look) == phase


def test_phase_without_a_run_and_of_an_interrupted_one(run):
    assert say.phase_of(Look("x")) == "none"
    assert say.phase_of(Look(run.id, run, interrupted=True)) == "interrupted"


def test_every_phase_has_a_word_and_a_colour():
    from genstudio.ui.theme import token_names

    for phase in ("none", "waiting", "running", "pausing", "paused", "interrupted", "failed",
                  "done"):  # fmt: skip
        word, token = say.phase_words(phase)
        assert word
        assert token in token_names()


def test_steps_in_words():
    assert say.step_text("running", 8400, 13000) == "step 8,400 of 13,000"
    assert say.step_text("paused", 8400, 13000) == "paused · step 8,400 of 13,000"
    assert say.step_text("done", 13000, 13000) == "finished · 13,000 steps"


def test_notices_offer_the_next_step(run):
    assert say.notice("running", run, 10) is None
    paused = say.notice("paused", run, 8400)
    assert paused is not None
    assert "step 8,400" in paused.text
    assert paused.actions == ("resume", "keep", "try")
    prepared = say.notice("paused", run.model_copy(update={"state": "new"}), 0)
    assert prepared is not None
    assert "not started" in prepared.text
    assert prepared.actions[0] == "resume"
    crashed = say.notice("interrupted", run, 10)
    assert crashed is not None
    assert crashed.level == "warning"
    assert crashed.actions[0] == "resume"
    assert say.notice("waiting", run, 0).actions == ()
    assert "checkpoint" in say.notice("pausing", run, 0).text


def test_a_failure_says_its_sentence(run):
    problem = Problem(what="The loss stopped being a number", next_step="Take a smaller rate.")
    failed = say.notice("failed", run.model_copy(update={"problem": problem}), 10)
    assert failed is not None
    assert failed.level == "bad"
    assert failed.text == "The loss stopped being a number. Take a smaller rate."
    assert "report" in failed.actions
    unknown = say.notice("failed", run, 10)
    assert unknown is not None
    assert unknown.text.startswith("The training ended with an error")


def test_a_finished_run_can_be_used(run):
    assert say.notice("done", run, 10) is None
    done = say.notice("done", run.model_copy(update={"model": "vae-shapes"}), 10)
    assert done is not None
    assert done.actions == ("use", "more")


def test_best_state(run):
    curves = {"valid/bound": ([20.0, 60.0], [4.0, 3.5])}
    badge = say.best_text(run, curves)
    assert badge is not None
    assert badge.text == "best at step 60: bound 3.50"
    assert say.best_text(run, {}).text == "best at step 60"
    assert say.best_text(run.model_copy(update={"best_step": 0}), curves) is None


def test_what_samples_tell():
    curves = {"watch/diversity": ([1.0, 2.0], [0.5, 0.834]), "watch/nearest": ([2.0], [1.02])}
    texts = [badge.text for badge in say.watched(curves)]
    assert texts == ["diversity 0.83 × real", "nearest 1.02 × held-out"]
    assert all(badge.tip for badge in say.watched(curves))
    assert say.watched({}) == []


def test_scores_tell_at_most_one_number_of_each_kind():
    scores = [
        Score(metric="kernel", value=0.2, better="lower"),
        Score(metric="frechet", value=6.2, floor=2.0, better="lower", samples=2000),
        Score(metric="recall", value=0.61, samples=2000),
        Score(metric="coverage", value=0.5),
        Score(metric="first_result", value=9.0, unit="ms"),
        Score(metric="made-up", value=3.0),
    ]
    assert [score.metric for score in say.telling(scores)] == ["frechet", "recall"]
    copies = Score(metric="copies", value=0.4, floor=5.0, better="lower", unit="%")
    assert [badge.text for badge in say.scored([copies])] == ["possible copies 0.4 %"]
    texts = [badge.text for badge in say.scored([scores[1], scores[2], scores[4], scores[5]])]
    assert texts[0] == "fréchet distance 3.1 × floor"
    assert texts[1] == "recall 0.61"
    assert texts[2].endswith("9 ms")
    assert texts[3] == "made-up 3"
    assert "2,000 samples" in say.scored(scores[1:2])[0].tip


def test_rates_and_times():
    assert say.rate_text(412.3) == "412 pictures/s"
    assert say.rate_text(2.25) == "2.2 pictures/s"
    assert say.rate_text(0.5) == "30 pictures/min"
    assert say.rate_text(4000, "tokens") == "4,000 tokens/s"
    assert say.gone(2220) == "35 min gone"
    assert say.gone(4) == "4 s gone"


def test_what_differs_between_runs(run):
    other = run.model_copy(
        update={
            "recipe": fake_runs.recipe(
                options={"latent": 16, "extra": True},
                settings=TrainerSettings(steps=900, batch=16, cutout=0.2, flip=True),
                start_from="parent",
            )
        }
    )
    found = dict(say.differences([run, other]))
    assert found["Latent size"] == ["8", "16"]
    assert found["Starts from"] == ["scratch", "parent"]
    assert found["Cutout"] == ["0", "0.2"]
    assert found["Mirror"] == ["no", "yes"]
    assert found["Extra"] == ["—", "yes"]
    assert "Steps" not in found
    assert "Batch" not in found
    assert say.differences([run, run]) == []


def test_changes_in_words():
    assert say.change_text({"free_bits": 0.1}, {"batch": 2048}) == "free bits 0.1, batch 2,048"
    assert say.change_text({}, {}) == ""


# ---- speed


def test_speed_of_the_last_half_minute():
    speed = Speed()
    assert speed.rate() == 0
    speed.take(0, 100.0)
    speed.take(1, 100.2)
    assert speed.rate() == 0  # too soon to tell
    speed.take(50, 110.0)
    assert speed.rate() == pytest.approx(5.0)
    speed.take(450, 150.0)
    assert speed.rate() == 0  # what is older than half a minute does not count
    speed.take(500, 160.0)
    assert speed.rate() == pytest.approx(5.0)


def test_a_return_to_a_checkpoint_starts_the_clock_anew():
    speed = Speed()
    speed.take(100, 0.0)
    speed.take(200, 10.0)
    speed.take(150, 11.0)
    assert speed.rate() == 0
    speed.take(160, 13.0)
    assert speed.rate() == pytest.approx(5.0)


def test_what_follows_from_a_remedy():
    assert say.outcome("keep", active=True) == "It ends here"
    assert say.outcome("amend", active=True).startswith("It goes on")
    assert say.outcome("amend", active=False).startswith("Resume")


def test_a_model_of_text_learns_tokens():
    text = {"family": "lstm", "options": {"context": 100}}
    run, picture = (Run(id="0001-x", recipe=fake_runs.recipe(**one)) for one in (text, {}))
    assert say.writes(run)
    assert not say.writes(picture)
    assert say.pace(run, 20).text == "2,000 tokens/s"
    assert say.pace(picture, 20).text == "20 pictures/s"
    newer = Run(id="0001-x", recipe=fake_runs.recipe(family="unheard"))
    assert not say.writes(newer)


def test_perplexity_is_worth_a_badge():
    (found,) = say.watched({"valid/perplexity": ([1.0, 2.0], [80.0, 12.345])})
    assert found.text == "perplexity 12.3"
