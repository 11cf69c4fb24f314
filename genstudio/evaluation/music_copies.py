"""Does the model repeat its training pieces note for note? Compared with unseen real music.

A voice is written down as words, one for each step (`music_figures.words`), and every run of ten
of them in the training pieces is known, transposed or not (`media.fingerprints.exact`): what is
counted is what `verbatim` counts of texts. Real music repeats some too: scales, broken chords,
patterns of drums.
"""

from __future__ import annotations

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation import music_figures as figures
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.registry import metric
from genstudio.evaluation.verbatim import shares
from genstudio.media import fingerprints
from genstudio.media.fingerprints import RUN


@metric(
    "note_for_note",
    "Note for note",
    "Share of the steps that stand in ten or more in a row as in a training piece.",
    "new pieces",
    "training pieces",
)
def note_for_note(material: MusicMaterial) -> list[Score]:
    """Share of copied steps; floor: the same of unseen real pieces. The settings name the longest
    copy and its source."""
    known = fingerprints.exact(
        (one.name, figures.words(one.piece, f"t{number}"))
        for number, one in enumerate(material.train)
    )
    made, real, _ = material.pieces()
    found, passages = shares([figures.words(piece, "made") for piece in made], [known])
    floor, _ = shares([figures.words(piece, "real") for piece in real], [known])
    longest = max(passages, key=lambda one: one.words, default=None)
    low, high = intervals.of_mean(found)
    return [
        material.score(
            "note_for_note",
            float(found.mean()),
            len(found),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(floor.mean()) if material.held_out else None,
            better="lower",
            help=f"Share of steps in runs of {RUN} or more that a voice of a training piece takes, "
            "in any key",
            settings={
                "longest_run": longest.words if longest else 0,
                "longest_source": longest.source if longest else "",
                "pieces_with_copies": len(passages),
            },
        )
    ]
