"""Dataset and run: facts about data and training that come back as they were written."""

import pytest
from pydantic import ValidationError

from genstudio.core.card import duration
from genstudio.core.dataset import DataFacts, Dataset, Finding
from genstudio.core.errors import BadInput, Problem
from genstudio.core.manifest import FileEntry
from genstudio.core.recipe import Recipe
from genstudio.core.run import CheckpointManifest, Run

RECIPE = Recipe(family="gan", model="toy", data="toys")


def test_findings_and_files_come_back_in_order():
    made = Dataset(
        name="toys",
        title="Toys",
        storage="arrays",
        facts=DataFacts(count=5, size=32, channels=4, classes=("b", "a"), captions=True),
        valid_count=1,
        findings=(Finding(level="skipped", file="x.png", what="broken"), Finding(what="grey")),
        files=(FileEntry(name="data.npy", size=0, sha256="0" * 64),),
    )
    found = Dataset.from_bytes(made.to_bytes(), "dataset.json")
    assert found == made
    assert found.facts.classes == ("b", "a")
    assert [finding.level for finding in found.findings] == ["skipped", "info"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "A B"},
        {"kind": "film"},
        {"storage": "cloud"},
        {"facts": {"channels": 5}},
        {"facts": {"channels": -1}},
        {"findings": [{"level": "fatal", "what": "x"}]},
        {"findings": [{"level": "info"}]},
        {"licence": "x" * 401},
        {"files": [{"name": "../x", "size": 1, "sha256": "0" * 64}]},
    ],
    ids=str,
)
def test_datasets_that_cannot_be_are_refused(change):
    with pytest.raises(ValidationError):
        Dataset.model_validate({"name": "toys", "title": "Toys", **change})


def test_a_failed_run_keeps_its_reason():
    made = Run(id="0001-toy", recipe=RECIPE, state="failed", problem=Problem(what="Disk full"))
    found = Run.from_bytes(made.to_bytes(), "run.json")
    assert found.problem == Problem(what="Disk full")
    for wrong in ({"step": -1}, {"seconds": -0.1}, {"id": ".hidden"}, {"seconds": float("nan")}):
        with pytest.raises(ValidationError):
            Run.model_validate({**made.model_dump(), **wrong})


def test_half_a_checkpoint_manifest_is_none():
    whole = CheckpointManifest(step=3, threads=1, torch="2", device="cpu", files=())
    data = whole.to_bytes()
    for cut in (0, 1, len(data) // 2, len(data) - 3):
        with pytest.raises(BadInput, match="manifest"):
            CheckpointManifest.from_bytes(data[:cut], "manifest.json")


def test_durations_never_show_a_unit_that_overflows():
    assert [duration(s) for s in (0, 99.4, 99.7, 5969, 5971)] == [
        "0 s",
        "99 s",
        "2 min",
        "99 min",
        "1 h 40 min",
    ]
