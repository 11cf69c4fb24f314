"""Asking, places, variations, live redraw and rounds."""

from __future__ import annotations

import pytest

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Preview, Progress
from genstudio.ui.state.generation_state import GenerationState
from tests.helpers.fake_studio import preview, result


@pytest.fixture
def generation(studio):
    made = GenerationState(studio)
    yield made
    made.close()


def _states(generation) -> list[str]:
    return [place.state for place in generation.shown.places]


def _finish(generation, studio, asked) -> None:
    for index in range(len(asked.places)):
        generation.on_event(result(studio, asked.job, asked.request, index))
    generation.on_event(Done(job=asked.job))


def test_places_are_laid_out_at_once_and_filled(generation, studio, heard):
    changes, rounds = heard(generation.place_changed), heard(generation.round_changed)
    asked = generation.submit()
    assert _states(generation) == ["waiting"] * 4
    assert len(rounds) == 1
    generation.on_event(Progress(job=asked.job, done=1, total=4))
    generation.on_event(preview(asked.job, 2))
    assert _states(generation) == ["waiting", "waiting", "preview", "waiting"]
    generation.on_event(result(studio, asked.job, asked.request, 2, score=0.5))
    place = generation.shown.places[2]
    assert (place.state, place.artifact, place.data["score"]) == ("done", "a0", 0.5)
    generation.on_event(preview(asked.job, 2))
    assert place.state == "done"
    assert changes == [2, 2]


def test_events_of_strangers_and_broken_previews_are_ignored(generation, heard):
    asked = generation.submit()
    changes = heard(generation.place_changed)
    generation.on_event(preview("other", 0))
    generation.on_event(preview(asked.job, 99))
    generation.on_event(Preview(job=asked.job, index=0, data="%%%"))
    generation.on_event(Preview(job=asked.job, index=0))
    assert changes == []


def test_the_end_is_told_and_empty_places_are_lost(generation, studio, heard):
    ends, running = heard(generation.finished), heard(generation.running_changed)
    asked = generation.submit()
    generation.on_event(result(studio, asked.job, asked.request, 0))
    assert generation.running is asked
    generation.on_event(Cancelled(job=asked.job))
    assert _states(generation) == ["done", "lost", "lost", "lost"]
    assert ends == [asked]
    assert generation.running is None
    assert len(running) == 2


def test_a_failure_becomes_a_problem(generation, heard):
    problems = heard(generation.problem)
    asked = generation.submit()
    generation.on_event(Failed(job=asked.job, problem=Problem(what="The worker stopped")))
    assert [p.what for p in problems] == ["The worker stopped"]
    assert asked.problem is problems[0]


def test_a_refused_request_is_said_and_leaves_things_as_they_were(generation, studio, heard):
    problems = heard(generation.problem)
    studio.queue.refuse = GenStudioError("The queue is full")
    assert generation.submit() is None
    assert generation.shown is None
    assert problems[0].what == "The queue is full"


def test_missing_inputs_are_asked_for(generation, studio, heard):
    asked = heard(generation.needs_input)
    generation.ask.set_model("redoer")
    generation.ask.set_task("redo")
    assert generation.submit() is None
    assert asked == ["image"]
    assert studio.queue.submitted == []


def test_tasks_without_a_count_have_one_place(generation):
    generation.ask.set_task("walk")
    generation.submit()
    assert len(generation.shown.places) == 1
    assert generation.shown.output == "animation"


def test_rounds_are_walked_back_and_forth(generation, studio):
    first = generation.submit()
    second = generation.submit()
    assert generation.shown is second
    assert generation.position == (2, 2)
    generation.step_round(-1)
    assert generation.shown is first
    generation.on_event(result(studio, second.job, second.request, 0))
    assert second.places[0].state == "done"
    generation.step_round(-5)
    assert generation.shown is first
    generation.step_round(1)
    assert generation.shown is second


def test_cancel_stops_the_running_round_and_only_that(generation, studio):
    assert generation.cancel() is False
    asked = generation.submit()
    assert generation.cancel() is True
    assert studio.queue.cancelled == [asked.job]


def test_use_seed_starts_with_that_very_picture(generation, studio):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.ask.set_value("count", 1)
    generation.use_seed(studio.gallery.get("a2"))
    again = generation.submit()
    assert (again.request.seed, again.request.first) == (asked.request.seed, 2)
    generation.on_event(result(studio, again.job, again.request, 0))
    assert again.places[0].state == "done"


def test_use_settings_asks_the_same_again(generation, studio):
    generation.ask.set_value("amount", 0.25)
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.ask.reset_values()
    generation.ask.set_model("redoer")
    assert generation.use_settings_of(studio.gallery.get("a1"))
    assert generation.submit().request == asked.request


def test_remix_keeps_all_but_the_seed(generation, studio):
    generation.ask.set_value("amount", 0.25)
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.ask.reset_values()
    assert generation.remix(studio.gallery.get("a1"))
    again = generation.submit().request
    assert again.values == asked.request.values
    assert again.seed != asked.request.seed


def test_settings_of_a_missing_model_are_refused_with_a_word(generation, studio, heard):
    said = heard(generation.said)
    asked = generation.submit()
    _finish(generation, studio, asked)
    studio.library.models.pop(0)
    generation.ask.reload_models()
    assert generation.use_settings_of(studio.gallery.get("a0")) is False
    assert "not installed" in said[0][0]


def test_variations_stay_near_their_parent(generation, studio):
    asked = generation.submit()
    _finish(generation, studio, asked)
    assert generation.can_vary()
    varied = generation.variations_of(studio.gallery.get("a3"))
    values = varied.request.values
    assert varied.request.seed == asked.request.seed
    assert (values["variation_of"], values["variation"], values["count"]) == (3, 0.3, 16)
    assert len(varied.places) == 16
    # A variation of a variation goes out from the same parent.
    generation.on_event(result(studio, varied.job, varied.request, 5))
    further = generation.variations_of(studio.gallery.get("a4"))
    assert further.request.values["variation_of"] == 3
    assert further.request.values["variation_seed"] != values["variation_seed"]


def test_tasks_that_cannot_vary_say_so(generation, studio, heard):
    said = heard(generation.said)
    generation.ask.set_task("walk")
    asked = generation.submit()
    _finish(generation, studio, asked)
    assert not generation.can_vary()
    assert generation.variations_of(studio.gallery.get("a0")) is None
    assert "no variations" in said[0][0]


def test_a_drag_sends_one_request_at_a_time_and_the_newest_wish_next(generation, studio):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.focus = 2
    sent = len(studio.queue.submitted)
    for amount in (0.9, 0.8, 0.7, 0.6):
        generation.ask.set_value("amount", amount)
        assert generation.submit_live()
    assert len(studio.queue.submitted) == sent + 1
    live = studio.queue.last
    assert live.replace
    assert live.request.live
    assert (live.request.first, live.request.count) == (2, 1)
    assert live.request.values["amount"] == 0.9
    generation.on_event(preview(live.job, 0))
    assert generation.shown.places[2].state == "preview"
    assert generation.shown.places[0].state == "done"
    generation.on_event(Done(job=live.job))
    assert len(studio.queue.submitted) == sent + 2
    assert studio.queue.last.request.values["amount"] == 0.6


def test_a_sketch_keeps_the_places_and_is_never_mistaken_for_results(generation, studio, heard):
    asked = generation.submit()
    _finish(generation, studio, asked)
    changes = heard(generation.place_changed)
    generation.submit_live()
    assert generation.shown.sketch
    assert len(generation.shown.places) == 4
    assert [p.path for p in generation.shown.places] == [p.path for p in asked.places]
    assert all(p.artifact == "" for p in generation.shown.places)
    generation.on_event(preview(studio.queue.last.job, 0))
    assert changes == [0]
    assert generation.shown.places[0].state == "preview"
    assert asked.places[0].state == "done"


def test_when_the_hand_rests_all_places_follow(generation, studio, qtbot):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.submit_live()
    generation.on_event(Done(job=studio.queue.last.job))
    qtbot.waitUntil(lambda: studio.queue.last.request.count == 4, timeout=3000)
    grid = studio.queue.last
    for index in range(4):
        generation.on_event(preview(grid.job, index))
    assert _states(generation) == ["preview"] * 4
    # A new drag does not wait for the whole grid.
    generation.submit_live()
    assert studio.queue.last.request.count == 1


def test_generate_after_a_drag_keeps_what_is_seen(generation, studio):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.ask.set_value("amount", 0.1)
    generation.submit_live()
    kept = generation.submit()
    assert kept.request.seed == asked.request.seed
    assert kept.request.values["amount"] == 0.1
    assert generation.sketch is None
    assert generation.submit().request.seed != kept.request.seed


def test_a_sketch_without_any_round_has_one_place(generation, studio):
    assert generation.submit_live()
    assert len(generation.shown.places) == 1
    assert studio.queue.last.request.count == 1
    assert generation.cancel() is True
    assert generation.shown is None


def test_tasks_that_are_not_live_do_not_redraw(generation, studio):
    generation.ask.set_task("walk")
    assert generation.submit_live() is False
    assert studio.queue.submitted == []


def test_late_answers_of_a_dropped_drag_change_nothing(generation, studio, heard):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.submit_live()
    late = studio.queue.last.job
    generation.drop_sketch()
    changes = heard(generation.place_changed)
    generation.on_event(preview(late, 0))
    generation.on_event(Done(job=late))
    assert changes == []
    assert generation.shown is asked


def test_a_failed_redraw_is_said_once_and_ends_the_loop(generation, studio, heard):
    problems = heard(generation.problem)
    generation.submit_live()
    generation.submit_live()
    count = len(studio.queue.submitted)
    generation.on_event(Failed(job=studio.queue.last.job, problem=Problem(what="No")))
    assert len(problems) == 1
    assert len(studio.queue.submitted) == count


def test_stars_and_the_trash_are_followed(generation, studio, heard):
    asked = generation.submit()
    _finish(generation, studio, asked)
    studio.gallery.star("a1", True)
    generation.on_artifact("a1")
    assert asked.places[1].starred
    rounds = heard(generation.round_changed)
    studio.gallery.trash(["a1"])
    generation.on_artifact("a1")
    assert asked.places[1].state == "trashed"
    studio.gallery.restore(["a1"])
    generation.on_artifact("a1")
    assert asked.places[1].state == "done"
    assert len(rounds) == 2


def test_a_restart_shows_the_last_results_again(generation, studio):
    asked = generation.submit()
    _finish(generation, studio, asked)
    generation.submit()
    saved = generation.snapshot()
    studio.gallery.items.pop("a2")

    other = GenerationState(studio)
    other.restore(saved)
    assert [p.state for p in other.shown.places] == ["done", "done", "trashed", "done"]
    assert other.shown.request == asked.request
    assert other.ask.snapshot() == generation.ask.snapshot()


@pytest.mark.parametrize("rounds", [[1], [{}], [{"artifacts": ["gone"], "request": {}}]])
def test_foreign_rounds_are_left_out(generation, rounds):
    generation.restore({"rounds": rounds, "ask": 3})
    assert generation.shown is None


# ---- one press, several requests


def _thrice(generation, **values):
    generation.ask.set_values({"count": 2, **values})
    generation.ask.set_seed(2**32 - 2, locked=True, first=5)
    generation.ask.set_times(3)
    return generation.submit()


def test_one_press_asks_several_times_with_following_seeds(generation, studio):
    asked = _thrice(generation)
    requests = [entry.request for entry in studio.queue.submitted]
    assert [r.seed for r in requests] == [2**32 - 2, 2**32 - 1, 0]
    assert {(r.values["count"], r.first) for r in requests} == {(2, 5)}
    assert len(generation.rounds) == 1
    assert [place.index for place in asked.places] == [0, 1, 2, 3, 4, 5]
    assert [place.number for place in asked.places] == [5, 6, 5, 6, 5, 6]


def test_each_job_fills_its_own_places_and_the_last_ends_the_round(generation, studio, heard):
    asked, ends = _thrice(generation), heard(generation.finished)
    jobs = [entry.job for entry in studio.queue.submitted]
    requests = [entry.request for entry in studio.queue.submitted]
    generation.on_event(result(studio, jobs[1], requests[1], 0))
    generation.on_event(preview(jobs[2], 1))
    generation.on_event(preview(jobs[2], 2))
    assert _states(generation) == ["waiting", "waiting", "done", "waiting", "waiting", "preview"]
    assert asked.places[2].seed == requests[1].seed
    problem = Problem(what="It broke")
    generation.on_event(Failed(job=jobs[1], problem=problem))
    assert _states(generation)[2:4] == ["done", "lost"]
    generation.on_event(Done(job=jobs[0]))
    assert generation.running is asked
    assert asked.open_jobs == [jobs[2]]
    generation.on_event(Cancelled(job=jobs[2]))
    assert (asked.running, asked.problem, ends) == (False, problem, [asked])
    assert asked.open_jobs == []


def test_cancel_stops_all_jobs_of_the_round(generation, studio):
    asked = _thrice(generation)
    jobs = [entry.job for entry in studio.queue.submitted]
    generation.on_event(Done(job=jobs[0]))
    assert generation.cancel()
    assert studio.queue.cancelled == [jobs[2], jobs[1]]
    assert asked.running


def test_a_refused_repetition_keeps_the_ones_before(generation, studio, heard):
    problems = heard(generation.problem)
    real = studio.queue.submit

    def full(request, **words):
        if len(studio.queue.submitted) == 2:
            raise GenStudioError("The queue is full")
        return real(request, **words)

    studio.queue.submit = full
    asked = _thrice(generation)
    assert len(asked.places) == 4
    assert problems[0].what == "The queue is full"


def test_several_films_are_rounds_of_their_own(generation, studio):
    generation.ask.set_task("walk")
    generation.ask.set_times(3)
    asked = generation.submit()
    assert generation.position == (1, 3)
    assert generation.shown is asked
    assert [r.request.seed - asked.request.seed for r in generation.rounds] == [0, 1, 2]


def test_the_next_in_the_queue_goes_before_those_that_wait(generation, studio):
    generation.submit()
    generation.ask.set_times(2)
    generation.submit_next()
    assert [entry.job for entry in studio.queue.submitted] == ["j1", "j2", "j0"]


def test_times_are_kept_over_a_restart(generation, studio):
    generation.ask.set_times(99)
    again = GenerationState(studio)
    again.restore(generation.snapshot())
    assert again.ask.times == 32
    again.restore({"ask": {"times": -3}})
    assert again.ask.times == 1
    again.close()


def test_numbers_of_a_round_of_several_requests_survive_a_restart(generation, studio):
    asked = _thrice(generation)
    for entry in list(studio.queue.submitted):
        for index in range(2):
            generation.on_event(result(studio, entry.job, entry.request, index))
        generation.on_event(Done(job=entry.job))
    again = GenerationState(studio)
    again.restore(generation.snapshot())
    told = [(p.seed, p.number) for p in again.shown.places]
    assert told == [(p.seed, p.number) for p in asked.places]
    again.close()
