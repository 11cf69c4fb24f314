"""Times in words, and the steps that fit into them."""

from __future__ import annotations

import pytest

from genstudio.core import budget
from genstudio.core.errors import UsageError
from genstudio.core.recipe import TrainerSettings


@pytest.mark.parametrize("chosen", budget.BUDGETS, ids=[b.name for b in budget.BUDGETS])
@pytest.mark.parametrize("each", [1e-9, 0.004, 0.5, 40.0])
def test_settings_are_taken_by_the_trainer_and_fit_the_time(chosen, each):
    values = budget.settings(chosen, each)
    made = TrainerSettings.model_validate(values)
    assert made.steps * each <= chosen.seconds or made.steps == 20
    assert 1 <= made.sample_every <= made.steps
    assert made.patience == chosen.patience


def test_longer_means_more_steps():
    counts = [budget.steps_in(b.seconds, 0.1) for b in budget.BUDGETS[:3]]
    assert counts == sorted(counts)
    assert len(set(counts)) == 3


def test_only_what_may_end_early_has_patience():
    assert [b.name for b in budget.BUDGETS if b.patience] == ["improving"]
    assert budget.budget("hour").title == "an hour"
    with pytest.raises(UsageError, match="coffee"):
        budget.budget("week")
