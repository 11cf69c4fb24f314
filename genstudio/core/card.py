"""A model's card: what it was made of, how good it is and what it cannot do, for people.

`text` is card.md of a package that was just trained; the evaluation puts its table in place of
what the section "Scores" says there. `to_markdown` and `to_html` make cards to hand on.
"""

from __future__ import annotations

from genstudio.core import card_html, subjects
from genstudio.core.manifest import FINGERPRINTS, Manifest, TrainedOn
from genstudio.core.score_table import END, START, table

UNMEASURED = "Not measured yet: `genstudio evaluate` does it."
PRIVACY = (
    "Differential privacy: not used. Losses couple the pictures of a batch, and some numbers are "
    "fitted to all of them afterwards; the guarantee needs the gradient of each picture alone"
)
"""Why a model may remember pictures: GANs judge batches and average batch statistics, VAEs fit
their prior to the codes of all pictures, and Opacus (per-sample gradients) allows neither."""
TEXT_PRIVACY = (
    "Differential privacy: not used. A model of text can say again what it read: the score "
    "“verbatim” counts it, and copied passages are marked where it writes"
)
MUSIC_PRIVACY = (
    "Differential privacy: not used. A model of music can play again what it read: the score "
    "“note_for_note” counts it"
)
SOUND_PRIVACY = (
    "Differential privacy: not used. A model of sounds can repeat what it heard, voices too"
)
_PRIVACY = {"text": TEXT_PRIVACY, "music": MUSIC_PRIVACY, "sound": SOUND_PRIVACY}
MARKED = (
    f"{FINGERPRINTS} holds hashes of runs of words of the training texts and the texts' names, "
    "so that copies are found; the texts themselves are not in the package"
)


def text(manifest: Manifest) -> str:
    """The card of a package that was just trained."""
    return _joined(manifest, UNMEASURED)


def to_markdown(manifest: Manifest) -> str:
    """The card with the scores of the manifest."""
    scores = f"{START}\n{table(manifest.scores)}\n{END}" if manifest.scores else UNMEASURED
    return _joined(manifest, scores)


def to_html(manifest: Manifest, images: dict[str, bytes]) -> str:
    """One HTML file that needs nothing else; `images` are PNG bytes by name.

    Known names are "preview" (what the model makes) and "nearest" (samples beside their nearest
    training pictures); others are shown under their name.
    """
    sections = {
        "Data": data_lines(manifest),
        "Training": training_lines(manifest),
        "Limits": [limits(manifest)],
        "Licence": [manifest.licence or "Not stated."],
    }
    return card_html.page(manifest, about(manifest), sections, images)


def about(manifest: Manifest) -> str:
    """The description, or that there is none."""
    return manifest.description or "No description was given."


def limits(manifest: Manifest) -> str:
    """What it cannot do."""
    return manifest.limits or "None are known; that does not mean none exist."


def data_lines(manifest: Manifest) -> list[str]:
    """What it was trained on; of several sets one line each."""
    sets, things = manifest.trained_on, subjects.of(manifest.modality).things
    if len(sets) > 1:
        return [_set(data, things) for data in sets]
    lines = []
    for data in sets:
        lines.append(f"{data.name}: {amount(data, things)}")
        lines.append(f"Licence of the data: {data.licence or 'not stated'}")
        if data.attribution:
            lines.append(f"Attribution: {data.attribution}")
        if data.source:
            lines.append(f"Source: {data.source}")
    return lines or ["Not stated."]


def amount(data: TrainedOn, things: str) -> str:
    """ "1,200 pictures", or "12 texts, 2.3 million tokens" with `things` as "texts"."""
    count = f"{data.count:,} {things if data.count != 1 else things.removesuffix('s')}"
    if not data.tokens:
        return count
    tokens = f"{data.tokens / 1e6:.1f} million" if data.tokens >= 1e6 else f"{data.tokens:,}"
    return f"{count}, {tokens} tokens"


def training_lines(manifest: Manifest) -> list[str]:
    """Where, how long and with what it was trained."""
    t = manifest.training
    unit = subjects.of(manifest.modality).passages
    lines = [
        f"Family: {manifest.family}; weights stored as {manifest.precision}",
        f"{t.steps:,} steps of {t.batch} {unit} in {duration(t.seconds)}",
        f"On {t.device}: {t.machine}",
        f"With {t.software}",
    ]
    if t.parent:
        lines.append(f"Continued from: {t.parent}")
    lines.append(_PRIVACY.get(manifest.modality, PRIVACY))
    if any(entry.name == FINGERPRINTS for entry in manifest.files):
        lines.append(MARKED)
    return [*lines, "Train it again: `genstudio train recipe.json`"]


def duration(seconds: float) -> str:
    """ "45 s", "12 min" or "3 h 20 min"."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _joined(manifest: Manifest, scores: str) -> str:
    parts = [
        [f"# {manifest.title}", "", about(manifest)],
        ["## Scores", "", scores],
        ["## Data", "", *_list(data_lines(manifest))],
        ["## Training", "", *_list(training_lines(manifest))],
        ["## Limits", "", limits(manifest)],
        ["## Licence", "", manifest.licence or "Not stated."],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _list(lines: list[str]) -> list[str]:
    return lines if lines == ["Not stated."] else [f"- {line}" for line in lines]


def _set(data: TrainedOn, things: str) -> str:
    parts = [f"{data.name}: {amount(data, things)}", f"licence {data.licence or 'not stated'}"]
    parts += [part for part in (data.attribution, data.source) if part]
    return "; ".join(parts)
