"""Sounds sample by sample: each step runs the network once for all sounds side by side."""

from __future__ import annotations

from genstudio.engine import sounding
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.wavenet.stepping import QueueStepper


def make_stepper(model: LoadedModel) -> QueueStepper:
    """What asks this model for one sample after the other."""
    return QueueStepper(model)


TASKS = sounding.tasks(make_stepper)
