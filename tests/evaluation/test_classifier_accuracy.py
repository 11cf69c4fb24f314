"""The score of a classifier taught with samples: what it can and cannot learn."""

import numpy as np

from genstudio.evaluation.classifier_accuracy import Linear, classifier_accuracy, taught
from genstudio.evaluation.material import Material, Seen


def clouds(n: int, seed: int, gap: float = 4.0) -> Seen:
    """Three clouds in the plane, `gap` apart."""
    rng = np.random.default_rng(seed)
    classes = np.arange(n) % 3
    centres = gap * np.array([[0, 0], [1, 0], [0, 1]])
    features = (centres[classes] + rng.standard_normal((n, 2))).astype(np.float32)
    return Seen(features, np.full(n, -1), classes, np.zeros((n, 4), np.uint8))


def test_a_linear_classifier_parts_what_can_be_parted() -> None:
    teacher, test = clouds(300, 1, 8.0), clouds(200, 2, 8.0)
    linear = Linear(teacher.features, teacher.classes, 3)
    assert (linear.guesses(test.features) == test.classes).mean() > 0.98


def test_scale_and_shift_of_features_do_not_matter() -> None:
    teacher, test = clouds(200, 1), clouds(200, 2)
    plain = Linear(teacher.features, teacher.classes, 3).guesses(test.features)
    moved = Linear(teacher.features * 50 + 9, teacher.classes, 3).guesses(test.features * 50 + 9)
    assert (plain == moved).mean() > 0.99


def test_a_feature_that_never_varies_does_no_harm() -> None:
    teacher = clouds(90, 1, 8.0)
    flat = np.concatenate([teacher.features, np.ones((90, 1), np.float32)], axis=1)
    assert (Linear(flat, teacher.classes, 3).guesses(flat) == teacher.classes).mean() > 0.95


def test_wrong_labels_teach_wrongly_and_pictures_of_no_class_are_left_out() -> None:
    teacher, test = clouds(300, 1, 8.0), clouds(200, 2, 8.0)
    right = taught(teacher, test, 3)
    assert right is not None
    assert right.mean() > 0.98
    teacher.classes[:] = (teacher.classes + 1) % 3
    wrong = taught(teacher, test, 3)
    assert wrong is not None
    assert wrong.mean() < 0.02
    test.classes[:150] = -1
    few = taught(teacher, test, 3)
    assert few is not None
    assert len(few) == 50


def test_one_class_teaches_nothing() -> None:
    teacher, test = clouds(60, 1), clouds(60, 2)
    teacher.classes[:] = 1
    assert taught(teacher, test, 3) is None
    test.classes[:] = -1
    assert taught(clouds(60, 1), test, 3) is None


def test_scores_of_models(material_of) -> None:
    material = material_of("gan")
    (score,) = classifier_accuracy(material)
    assert score.value > 0.95
    assert score.floor > 0.95
    assert score.low <= score.value <= score.high
    assert score.samples == 300
    assert "linear" in score.settings["taught"]


def test_a_generator_that_mixes_classes_up_scores_low(material_of) -> None:
    made = material_of("gan")
    found = Material(
        model=made.model,
        judge=made.judge,
        tasks={},
        train=made.train,
        test=made.test,
        count=60,
        seed=0,
    )
    found.fake, found.real, found.other = clouds(60, 1), clouds(60, 2), clouds(60, 3)
    (good,) = classifier_accuracy(found)
    found.fake.classes[:] = np.random.default_rng(0).integers(0, 3, 60)
    (bad,) = classifier_accuracy(found)
    assert bad.value < good.value - 0.2
    assert bad.floor == good.floor
    found.fake.classes[:] = -1
    assert classifier_accuracy(found) == []


def test_models_without_classes_are_not_asked(material_of) -> None:
    assert material_of("gan").has("labels")
    assert not material_of("plain").has("labels")
    assert not material_of("gan").has("foretelling"), "only models of text can"
