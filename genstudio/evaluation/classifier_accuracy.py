"""Can a classifier be taught with samples alone? (Ravuri, Vinyals 2019, "Classification accuracy
score".)

There a whole network is trained on samples and tested on real pictures. Here it is a linear
classifier on the judge's features, which takes seconds: the numbers are lower bounds of what a
network would learn and are to be compared with the floor only, the same classifier taught with
as many real pictures.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, Seen
from genstudio.evaluation.registry import metric

PENALTY = 1e-3
"""Weight of the squared coefficients, against the mean loss of a picture."""
ITERATIONS = 200


class Linear:
    """Multinomial logistic regression on standardised features, fitted by L-BFGS."""

    def __init__(self, features: np.ndarray, labels: np.ndarray, count: int) -> None:
        self._mean = features.mean(axis=0)
        self._scale = features.std(axis=0) + 1e-6
        rows = self._rows(features)
        truth = np.eye(count)[labels]

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(-1, count)
            logits = rows @ weights
            logits -= logits.max(axis=1, keepdims=True)
            powers = np.exp(logits)
            total = powers.sum(axis=1, keepdims=True)
            value = float((np.log(total[:, 0]) - (logits * truth).sum(axis=1)).mean())
            slope = rows.T @ (powers / total - truth) / len(rows) + PENALTY * weights
            return value + PENALTY / 2 * float((weights**2).sum()), slope.ravel()

        start = np.zeros(rows.shape[1] * count)
        options = {"maxiter": ITERATIONS}
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        self._weights = found.x.reshape(-1, count)

    def guesses(self, features: np.ndarray) -> np.ndarray:
        """The likeliest class (n,) of features (n, f)."""
        return (self._rows(features) @ self._weights).argmax(axis=1)

    def _rows(self, features: np.ndarray) -> np.ndarray:
        rows = (features.astype(np.float64) - self._mean) / self._scale
        return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)  # (n, f + 1)


def taught(teacher: Seen, test: Seen, count: int) -> np.ndarray | None:
    """Whether a classifier taught by `teacher` is right, bool per test picture of known class.

    None where the teacher shows fewer than two classes or nothing can be tested.
    """
    known, tests = teacher.classes >= 0, test.classes >= 0
    if len(set(teacher.classes[known].tolist())) < 2 or not tests.any():
        return None
    linear = Linear(teacher.features[known], teacher.classes[known], count)
    return linear.guesses(test.features[tests]) == test.classes[tests]


@metric(
    "classifier_accuracy",
    "Classifier accuracy score",
    "Accuracy on real pictures of a linear classifier taught with samples only; higher is better. "
    "The floor was taught with real pictures.",
    "samples",
    "judge",
    "labels",
)
def classifier_accuracy(material: Material) -> list[Score]:
    """Share of test pictures named rightly after learning from samples; floor: from real ones."""
    fake, real, other = material.sets()
    hits = taught(fake, real, len(material.names))
    if hits is None:
        return []
    floor = taught(other, real, len(material.names))
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    return [
        material.score(
            "classifier_accuracy",
            float(hits.mean()),
            len(fake),
            low=low,
            high=high,
            floor=None if floor is None else float(floor.mean()),
            better="higher",
            help="Accuracy on test pictures of a linear classifier on the judge's features, "
            "taught with samples only (after Ravuri, Vinyals 2019)",
            settings={"taught": "linear classifier (multinomial logistic regression)"},
        )
    ]
