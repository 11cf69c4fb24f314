"""Scores on the card and in the manifest."""

from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, DiskFull
from genstudio.core.manifest import CARD, MANIFEST, Score
from genstudio.engine.package_folder import read_manifest, verify_files
from genstudio.evaluation import card
from tests.helpers import packages


def score(name: str = "frechet", value: float = 3.25) -> Score:
    return Score(
        metric=name,
        value=value,
        low=3.0,
        high=3.5,
        floor=0.21,
        samples=10_000,
        better="lower",
        help="A distance",
        settings={
            "seed": 4,
            "data": "shapes",
            "extractor": "fox",
            "extractor_sha256": "0123456789abcdef",
            "by_class": {"Alpha": 0.5},
        },
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return packages.gan(tmp_path / "gan")


def test_card_and_manifest_are_renewed_together(folder: Path) -> None:
    renewed = card.write_scores(folder, [score()], {"anomaly_quantiles": [0.1, 0.2]})
    manifest = read_manifest(folder)
    assert manifest == renewed
    assert manifest.scores == (score(),)
    assert manifest.config["anomaly_quantiles"] == [0.1, 0.2]
    verify_files(folder, manifest)
    text = (folder / CARD).read_text()
    assert "| frechet | 3.25 | 3 to 3.5 | 0.21 | lower | 10,000 |" in text
    assert "**frechet**: A distance (by class: Alpha 0.5)." in text
    assert "Measured on the test pictures of shapes, seed 4." in text
    assert "Features and recognition by the judge fox (0123456789)." in text


def test_a_second_time_replaces_the_same_and_keeps_the_rest(folder: Path) -> None:
    card.write_scores(folder, [score(), score("kernel", 0.1)])
    card.write_scores(folder, [score("frechet", 2.5)])
    manifest = read_manifest(folder)
    assert [(s.metric, s.value) for s in manifest.scores] == [("frechet", 2.5), ("kernel", 0.1)]
    assert (folder / CARD).read_text().count(card.START) == 1
    verify_files(folder, manifest)


def test_other_files_stay_byte_for_byte(folder: Path) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in (CARD, MANIFEST)}
    card.write_scores(folder, [score()])
    after = {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in (CARD, MANIFEST)}
    assert before == after
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_failure_leaves_the_package_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_bytes", full)
    with pytest.raises(DiskFull):
        card.write_scores(folder, [score()])
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_text_around_the_table_is_kept() -> None:
    text = f"# Fox\n\nBefore.\n\n{card.START}\nold\n{card.END}\n\nAfter.\n"
    found = card.with_table(text, [score()])
    assert found.startswith("# Fox\n\nBefore.\n")
    assert found.endswith("\n\nAfter.\n")
    assert "old" not in found
    assert card.with_table(found, [score()]) == found


def test_a_card_without_marks_gets_a_section() -> None:
    found = card.with_table("# Fox\n", [score()])
    assert "## Scores" in found
    assert card.with_table(found, [score()]) == found


def test_a_section_of_scores_without_marks_is_replaced() -> None:
    text = "# Fox\n\n## Scores\n\nNot measured yet.\n\n## Data\n\nShapes.\n"
    found = card.with_table(text, [score()])
    assert "Not measured" not in found
    assert found.startswith("# Fox\n\n## Scores\n\n<!-- scores -->\n")
    assert found.endswith("<!-- /scores -->\n\n## Data\n\nShapes.\n")
    assert card.with_table(found, [score()]) == found


def test_a_package_without_a_card_gets_one(folder: Path) -> None:
    (folder / CARD).unlink()
    packages.relist(folder)
    card.write_scores(folder, [score()])
    assert (folder / CARD).read_text().startswith("# Hand-made gan\n")
    verify_files(folder, read_manifest(folder))


def test_a_card_that_is_no_text_is_a_sentence(folder: Path) -> None:
    (folder / CARD).write_bytes(b"\xff\xfe\x00")
    packages.relist(folder)
    with pytest.raises(BadInput, match="not text"):
        card.write_scores(folder, [score()])


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.9231, "0.9231"), (12.3456, "12.35"), (123456.7, "123,457"), (2e-5, "2.00e-05")],
)
def test_numbers_are_readable(value: float, words: str) -> None:
    assert card.number(value) == words
