"""Numbers of a run in groups, and the best state among them."""

from __future__ import annotations

from genstudio.ui.state.run_curves import Best, Line, best_of, groups, title_of


def test_one_phase_is_training_against_validation():
    found = groups(["loss/bound", "kl", "gradient/bound", "valid/bound", "valid/kl"])
    assert [group.key for group in found] == ["loss", "kl", "gradient"]
    assert [group.title for group in found] == ["Loss", "KL divergence", "Size of gradients"]
    assert found[0].lines == (
        Line("loss/bound", "training"),
        Line("valid/bound", "validation", valid=True),
    )
    assert [line.title for line in found[1].lines] == ["training", "validation"]


def test_several_phases_keep_their_names():
    names = ["valid/distance", "score/real", "loss/critic", "loss/generator", "score/made",
             "watch/diversity", "gradient/critic"]  # fmt: skip
    found = {group.key: group for group in groups(names)}
    assert list(found) == ["loss", "distance", "score", "watch/diversity", "gradient"]
    assert [line.title for line in found["loss"].lines] == ["critic", "generator"]
    assert [line.title for line in found["score"].lines] == ["real", "made"]
    assert found["distance"].lines == (Line("valid/distance", "validation", valid=True),)
    assert found["watch/diversity"].lines[0].valid


def test_validation_of_one_of_several_phases_is_named():
    lines = groups(["loss/a_b", "loss/c", "valid/a_b", "valid/loss"])[0].lines
    assert [line.title for line in lines] == ["a b", "c", "a b, validation", "loss, validation"]


def test_titles_of_what_nobody_has_named():
    assert title_of("class_score") == "Class score"
    assert title_of("watch/sharpness") == "Sharpness"
    assert title_of("watch/diversity") == "Diversity of samples"


def test_nothing_makes_no_groups():
    assert groups({}) == []


# ---- the best state

STEPS = [20.0, 40.0, 60.0, 80.0]


def test_the_lowest_validation():
    curves = {"loss/a": (STEPS, [4, 3, 2, 1]), "valid/a": (STEPS, [4.0, 2.0, 3.0, 5.0])}
    assert best_of(curves, 40) == Best("valid/a", 40, 2.0)


def test_a_better_one_since_the_run_was_noted():
    curves = {"valid/a": (STEPS, [4.0, 2.0, 3.0, 1.0])}
    assert best_of(curves, 40) == Best("valid/a", 80, 1.0)


def test_where_higher_is_better():
    curves = {"valid/score": (STEPS, [1.0, 3.0, 2.0, 1.0])}
    assert best_of(curves, 40) == Best("valid/score", 40, 3.0)


def test_accuracy_is_better_when_higher_from_the_first_time():
    curves = {"valid/accuracy": (STEPS, [0.4, 0.6, 0.7, 0.9]), "valid/loss": (STEPS, [4, 3, 2, 1])}
    assert best_of(curves, 20) == Best("valid/accuracy", 80, 0.9)


def test_the_number_that_chose_is_found_among_several():
    curves = {"valid/kl": (STEPS, [1.0, 3.0, 2.0, 4.0]), "valid/a": (STEPS, [4.0, 3.0, 1.0, 2.0])}
    assert best_of(curves, 60) == Best("valid/a", 60, 1.0)


def test_it_cannot_be_told():
    assert best_of({}, 40) is None
    assert best_of({"valid/a": (STEPS, [1.0, 2.0, 1.5, 2.0])}, 60) is None
    assert best_of({"valid/a": (STEPS, [1.0, 2.0, 1.5, 2.0])}, 55) is None


def test_best_in_words():
    assert Best("valid/some_score", 40, 0.0371).words == "some score 0.037"
