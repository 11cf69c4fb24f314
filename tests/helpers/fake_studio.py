"""A Studio without processes, files or threads: what the window's states are tested against.

The queue keeps what was submitted; a test answers with `emit`. Families are made up here, so
nothing in the tests leans on a real family's names.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QBuffer, QObject, Signal
from PySide6.QtGui import QColor, QImage

from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.controls import Choice, FileInput, Float, ImageInput, Int, MaskInput
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Preview, Result
from genstudio.core.family import Task
from genstudio.core.job import Job
from genstudio.core.manifest import Score
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.request import Request
from genstudio.core.settings import Settings
from genstudio.studio.datasets import Datasets
from genstudio.studio.documents import Documents
from genstudio.studio.pieces import Pieces
from genstudio.studio.runs import Runs
from genstudio.studio.styles import StyleShelf
from genstudio.studio.templates import TemplateShelf
from genstudio.studio.versions import VersionShelf
from tests.helpers.fake_data import FakeAsker

_COUNT = Int(name="count", label="Pictures", default=4, low=1, high=64)
_AMOUNT = Float(name="amount", label="Amount", default=1.0, low=0.0, high=1.0, live=True)
_KIND = Choice(name="kind", label="Kind", default="any", options=("any", "boot", "bag"))
_VARY = (
    Float(name="variation", label="Variation", default=0.0, low=0.0, high=1.0, more=True),
    Int(name="variation_seed", label="Variation seed", default=0, low=0, high=2**32 - 1),
    Int(name="variation_of", label="Vary", default=-1, low=-1, high=1000, more=True),
)
_PICTURE = ImageInput(name="image", label="Picture")
MAKE = Task(
    name="make",
    title="New pictures",
    verb="Generate",
    live=True,
    controls=(_COUNT, _KIND, _AMOUNT, *_VARY),
)
WALK = Task(
    name="walk",
    title="Morph",
    verb="Animate",
    output="animation",
    controls=(Int(name="frames", label="Frames", default=8, low=2, high=64), _AMOUNT),
)
REDO = Task(name="redo", title="Redo", verb="Redo", controls=(_PICTURE,), compare_input="image")
FILL = Task(
    name="fill",
    title="Fill",
    verb="Fill",
    controls=(_PICTURE, MaskInput(name="mask", label="Part to fill")),
    compare_input="image",
)
OPEN = Task(
    name="open",
    title="Open",
    verb="Open",
    controls=(FileInput(name="file", label="Code", suffixes=(".latent",)),),
)
JUDGE = Task(
    name="judge", title="Recognise", verb="Classify", output="report", controls=(_PICTURE,)
)


@dataclass
class FakeModel:
    """What the panels read of a library model."""

    id: str
    title: str
    tasks: tuple[Task, ...]
    modality: str = "image"
    bundled: bool = True
    created: str = "2026-11-20T00:00:00+00:00"
    folder: Path = Path("/nowhere")
    scores: tuple[Score, ...] = ()
    parent: str = ""
    preview: Path = Path("/nowhere/preview.png")
    config: dict = field(default_factory=lambda: {"size": 32, "channels": 1})
    repeated: tuple[str, ...] = ()
    base: str = ""

    @property
    def manifest(self) -> SimpleNamespace:
        return SimpleNamespace(
            id=self.id,
            title=self.title,
            base=SimpleNamespace(id=self.base) if self.base else None,
            modality=self.modality,
            family="shapes",
            description=f"{self.title} draws shapes.",
            config=self.config,
            licence="MIT",
            trained_on=(),
            training=SimpleNamespace(
                steps=10,
                batch=8,
                seconds=5.0,
                device="CPU",
                machine="",
                parent=self.parent,
            ),
            scores=self.scores,
            sha256="5" * 64,
            trainable=not self.bundled,
            limits="",
            files=(),
            graphs=(),
            created=self.created,
            precision="fp32",
        )

    def task(self, name: str = "") -> Task:
        return next(t for t in self.tasks if t.name == name or not name)

    @property
    def family(self) -> SimpleNamespace:
        return SimpleNamespace(
            name="shapes",
            title="Shapes",
            summary="",
            modality=self.modality,
            repeated=self.repeated,
        )


def png(side: int = 8, colour: str = "#336699") -> bytes:
    """Bytes of a small PNG."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data())


class FakeLibrary:
    def __init__(self) -> None:
        self.models = [
            FakeModel("shapes", "Shapes", (MAKE, WALK)),
            FakeModel("redoer", "Redoer", (MAKE, REDO, FILL, OPEN)),
            FakeModel("critic", "Critic", (JUDGE,), modality="judge"),
        ]
        self.gone: list[FakeModel] = []
        self.problems: list = []

    def list(self) -> list[FakeModel]:
        return list(self.models)

    def remove(self, model_id: str) -> None:
        model = next(m for m in self.models if m.id == model_id)
        if model.bundled:
            raise UsageError("Bundled models stay")
        self.models.remove(model)
        self.gone.append(model)

    def restore(self, model_id: str) -> None:
        model = next(m for m in self.gone if m.id == model_id)
        self.gone.remove(model)
        self.models.append(model)


class FakeGallery:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.items: dict[str, Artifact] = {}
        self.texts: dict[str, str] = {}
        self.asked: list[dict] = []

    def make(self, request: Request, index: int = 0, output: str = "image", **facts) -> Artifact:
        number = len(self.items)
        name = f"a{number}"
        suffixes = {"image": ".png", "report": ".json", "text": ".txt", "music": ".mid"}
        suffixes["sound"] = ".wav"
        suffix = suffixes.get(output, ".webp")
        path = self.root / f"{name}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(16, f"#{40 + number % 200:02x}6699"))
        self.items[name] = Artifact(
            id=name,
            file=path.name,
            output=output,
            created=f"2026-11-20T00:00:{number % 60:02d}+00:00",
            provenance=Provenance(
                request=request, index=index, title=request.model, output=output, facts=facts
            ),
            width=16,
            height=16,
            size=path.stat().st_size,
        )
        return self.items[name]

    def get(self, name: str) -> Artifact:
        if name not in self.items:
            raise NotFound(f"There is no result {name}")
        return self.items[name]

    def path(self, artifact: Artifact) -> Path:
        return self.root / artifact.file

    def thumbnail(self, artifact: Artifact, side: int) -> Path:
        return self.path(artifact)

    def said(self, artifact: Artifact, most: int = 1000) -> str:
        return self.texts.get(artifact.id, "")[:most]

    def list(self, text="", starred=False, trashed=False, limit=100, offset=0, **more):
        self.asked.append({"text": text, "limit": limit, "offset": offset})
        found = [
            a
            for a in reversed(self.items.values())
            if bool(a.trashed) == trashed
            and (a.starred or not starred)
            and all(word in a.provenance.title for word in text.split())
        ]
        return found[offset : offset + limit]

    def models(self) -> list[str]:
        return sorted({a.provenance.request.model for a in self.items.values()})

    def count(self, **query) -> int:
        return len(self.list(limit=10**9, **query))

    def _change(self, name: str, **changes) -> None:
        self.items[name] = self.get(name).model_copy(update=changes)

    def star(self, name: str, on: bool) -> None:
        self._change(name, starred=on)

    def trash(self, names) -> None:
        for name in names:
            self._change(name, trashed="2026-11-20T00:00:00+00:00")

    def restore(self, names) -> None:
        for name in names:
            self._change(name, trashed="")


class FakeQueue:
    def __init__(self) -> None:
        self.submitted: list[SimpleNamespace] = []
        self.count = 0
        self.cancelled: list[str] = []
        self.paused = False
        self.resident: dict[str, int] = {}
        self.refuse: Exception | None = None

    def submit(self, request: Request, replace: bool = False, title: str = "") -> str:
        return self._keep(request=request, replace=replace, title=title, role="generate")

    def submit_work(self, role: str, work: str, body: dict | None = None, title: str = "") -> str:
        return self._keep(role=role, work=work, body=body, title=title, request=None)

    def _keep(self, **entry) -> str:
        if self.refuse:
            raise self.refuse
        job = f"j{self.count}"
        self.count += 1
        self.submitted.append(SimpleNamespace(job=job, state="running", **entry))
        return job

    @property
    def last(self) -> SimpleNamespace:
        return self.submitted[-1]

    def jobs(self) -> list[Job]:
        return [
            Job(
                id=e.job,
                role=e.role,
                work=getattr(e, "work", "generate"),
                title=e.title or "",
                body=getattr(e, "body", None) or {},
                state=e.state,
                live=bool(e.request and e.request.live),
            )
            for e in self.submitted
        ]

    def get(self, job: str) -> Job | None:
        return next((found for found in self.jobs() if found.id == job), None)

    def remove(self, job: str) -> None:
        self.submitted = [e for e in self.submitted if e.job != job]

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def cancel_running(self) -> None:
        self.cancelled.append("running")

    def pause(self, on: bool) -> None:
        self.paused = on

    def move(self, job: str, position: int) -> None:
        entry = next(e for e in self.submitted if e.job == job)
        self.submitted.remove(entry)
        self.submitted.insert(position, entry)

    def retry(self, job: str) -> None:
        next(e for e in self.submitted if e.job == job).state = "waiting"

    def memory(self, role: str) -> int:
        return self.resident.get(role, 0)

    def drop_live(self) -> None:
        self.cancelled.append("live")


class FakeTrainings:
    """Puts trainings and measurements into the queue, as `studio.trainings` does."""

    def __init__(self, queue: FakeQueue) -> None:
        self._queue = queue

    def start(self, recipe: Recipe, base: str = "") -> str:
        body = {"recipe": recipe.model_dump(mode="json", exclude_unset=True), "base": base}
        return self._queue.submit_work("train", "train", body, f"Train {recipe.title}")

    def plan(self, recipe: Recipe, base: str = "") -> str:
        body = {"recipe": recipe.model_dump(mode="json", exclude_unset=True), "base": base}
        return self._queue.submit_work("train", "plan", body, f"Measure {recipe.title}")

    def job_of(self, run: str) -> str:
        found = (e.job for e in self._queue.submitted if (e.body or {}).get("run") == run)
        return next(found, "")


class FakeLooker:
    """Reads in this process what a worker reads otherwise."""

    def describe(self, path: Path):
        from genstudio.studio.importing import describe_file

        return describe_file(path)

    def picture(self, path: Path, side: int = 2048) -> bytes:
        from genstudio.media import image

        return image.png(image.shrunk(path, side))

    def words(self, path: Path) -> str:
        from genstudio.media import documents

        return documents.text_of(path)

    def score(self, path: Path) -> bytes:
        from genstudio.core.piece_file import PieceFile
        from genstudio.media import scores
        from genstudio.studio.pieces import of_piece

        piece = scores.read_any(path.read_bytes(), path.name)
        kept = PieceFile(id="opened", title=piece.title or path.stem, named=True)
        return of_piece(piece, kept).to_bytes()

    def colours(self, path: Path) -> dict:
        return self.ask("colours", {"path": str(path)})

    def ask(self, work: str, body: dict, hear: Callable | None = None) -> dict:
        from genstudio.workers import inline

        events = inline.run("files", work, dict(body), Home(Path("/nowhere")))
        return dict(list(events)[-1].data)

    def stop(self) -> None:
        """Nothing runs for long here."""


@dataclass
class FakeStudio:
    """Everything `StudioState` asks of a Studio."""

    home: Home
    library: FakeLibrary = field(default_factory=FakeLibrary)
    queue: FakeQueue = field(default_factory=FakeQueue)
    looker: FakeLooker = field(default_factory=FakeLooker)
    data_looker: FakeAsker = field(default_factory=FakeAsker)
    settings: Settings = field(default_factory=Settings)
    crashes: int = 0
    unclean: bool = False
    read_only: bool = False
    kept: dict = field(default_factory=dict)
    saves: int = 0
    problems: list = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gallery = FakeGallery(self.home.gallery)
        self.datasets = Datasets(self.home)
        self.runs = Runs(self.home)
        self.styles = StyleShelf(self.home)
        self.documents = Documents(self.home)
        self.versions = VersionShelf(self.documents)
        self.pieces = Pieces(self.home)
        for shelf in (self.documents, self.versions, self.pieces):
            shelf._saver = SaverAtOnce(shelf._save)  # type: ignore[attr-defined,assignment]
        self.templates = TemplateShelf(self.home)
        self.trainings = FakeTrainings(self.queue)

    def settle(self) -> None:
        self.crashes = 0

    def import_model(self, path: Path) -> str:
        return self.queue.submit_work("files", "import_model", {"path": str(path)}, path.name)

    def session(self) -> dict:
        return dict(self.kept)

    def save_session(self, values: dict) -> None:
        self.kept = values
        self.saves += 1

    def save_settings(self, settings: Settings) -> None:
        self.settings = settings

    def keep_input(self, data: bytes, suffix: str = ".png") -> Path:
        path = self.home.root / "inputs" / f"{hash(data) & 0xFFFFFFFF:08x}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


class SaverAtOnce:
    """Saves in the caller's thread: nothing is left behind by a test."""

    def __init__(self, save: Callable[[], None]) -> None:
        self.mark = save

    def close(self) -> None:
        """Nothing waits."""


class FakeBridge(QObject):
    event = Signal(object)
    changed = Signal(str)


def preview(job: str, index: int, colour: str = "#aa2211") -> Preview:
    """A preview event with a real picture."""
    return Preview(job=job, index=index, data=base64.b64encode(png(8, colour)).decode())


def result(studio: FakeStudio, job: str, request: Request, index: int, output="image", **facts):
    """A result event whose file is in the gallery, as the queue forwards it: events count
    places from 0, records hold the number of the noise."""
    artifact = studio.gallery.make(request, request.first + index, output, **facts)
    return Result(
        job=job,
        path=str(studio.gallery.path(artifact)),
        index=index,
        seed=request.seed,
        output=output,
        data={**facts, "artifact": artifact.id},
    )


def no_callback(text: str, action: str, callback: Callable | None) -> None:
    """A listener of `said` that does nothing."""
