"""Studio: the shelves and the queue of one data folder, in one object to pass around."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import GenStudioError, Problem, ReadOnly, classify
from genstudio.core.events import Done, Event, Failed
from genstudio.core.job import Job
from genstudio.core.paths import Home
from genstudio.core.settings import Settings
from genstudio.core.stored import Json
from genstudio.studio import kept, recovery
from genstudio.studio.datasets import Datasets
from genstudio.studio.documents import Documents
from genstudio.studio.gallery import Gallery
from genstudio.studio.instance import Doorkeeper, Lock
from genstudio.studio.library import Library
from genstudio.studio.listeners import Listeners
from genstudio.studio.looking import Asker, Looker
from genstudio.studio.pieces import Pieces
from genstudio.studio.queue import Queue, make_worker
from genstudio.studio.runs import Runs
from genstudio.studio.styles import StyleShelf
from genstudio.studio.templates import TemplateShelf
from genstudio.studio.trainings import Trainings
from genstudio.studio.versions import VersionShelf


class Studio:
    """Owner of a data folder (`owner=True`, the window) or a guest in it (the command line).

    An owner holds the lock (AlreadyOpen when another window does), stores its queue and cleans
    up after a crash. `problems` lists what was found wrong at start, each one sentence;
    `unclean` says that the last window did not end well, `crashes` how many in a row.
    """

    def __init__(
        self, home: Home, owner: bool = True, *, worker: Callable[..., object] = make_worker
    ) -> None:
        self.home = home
        self.problems: list[Problem] = []
        self._on_problem = Listeners()
        self._on_show = Listeners()
        self._closed = False
        # A guest that only looks leaves no trace: not even the folder is made.
        self.read_only = (owner or home.root.exists()) and not _can_write(home)
        self._owner = owner and not self.read_only
        self._lock = Lock(home.lock_file) if self._owner else None
        self._door = Doorkeeper(home, self._on_show) if self._owner else None
        self._temp = tempfile.TemporaryDirectory() if self.read_only else None
        try:
            self._open(worker)
        except BaseException:
            self._let_go()
            raise

    def _open(self, worker: Callable[..., object]) -> None:
        home = self.home
        if self.read_only:
            self._tell(
                Problem(
                    kind="read-only",
                    what="The data folder may only be read: new results cannot be kept",
                    file=str(home.root),
                    next_step="Choose another data folder in the settings.",
                )
            )
        self.crashes = recovery.mark_start(home) if self._owner else 0
        self.unclean = self.crashes > 0
        if self.unclean:
            recovery.clean_up(home)
        default = Settings()
        self.settings, problem = kept.read(Settings, home.settings_file, default)
        if problem is not None:
            self._tell(problem)
        self.library = Library(home)
        cache = Path(self._temp.name) if self._temp else None
        self.gallery = Gallery(
            home,
            unclean=self.unclean,
            read_only=self.read_only,
            in_memory=not self._owner and not home.index_file.exists(),
            cache=cache,
        )
        if self.unclean:
            recovery.take_in_spool(home, self.gallery)
        self.datasets = Datasets(home)
        self.runs = Runs(home)
        self.styles = StyleShelf(home, self._tell)
        self.templates = TemplateShelf(home, self._tell)
        self.documents = Documents(home, self._tell, self.read_only)
        self.versions = VersionShelf(self.documents, self._tell, self.read_only)
        self.pieces = Pieces(home, self._tell, self.read_only)
        self.looker = Looker(home)
        self.data_looker = Asker(home)
        self.queue = Queue(
            home,
            self.gallery,
            stored=self._owner,
            worker=worker,  # type: ignore[arg-type]
            on_problem=self._tell,
        )
        self.trainings = Trainings(self.queue, self.runs, self.library, self._tell)
        self.queue.on_end(self._after)
        self.queue.on_event(self.trainings.hear)
        for problem in self.gallery.problems:
            self._tell(problem)

    def start(self) -> None:
        """Run what waits from last time; call it once callbacks are connected."""
        self.queue.start()

    def settle(self) -> None:
        """The program runs well: however it ends now, it was no crash at start."""
        if self._owner:
            recovery.settle(self.home)

    def close(self) -> None:
        """End the workers, keep everything, give the folder free."""
        if self._closed:
            return
        self._closed = True
        self.looker.close()
        self.data_looker.close()
        self.documents.close()
        self.versions.close()
        self.pieces.close()
        self.queue.close()
        if self._owner:
            with contextlib.suppress(GenStudioError):
                self.gallery.purge(self.settings.trash_days)
                self.documents.purge(self.settings.trash_days)
                self.pieces.purge(self.settings.trash_days)
        self.gallery.close()
        if self._owner:
            recovery.mark_end(self.home)
        self._let_go()

    def on_problem(self, callback: Callable[[Problem], None]) -> Callable[[], None]:
        """Call `callback(problem)` for each trouble to be told (from any thread)."""
        return self._on_problem.add(callback)

    def on_show(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback()` when a second start asks this window to come to the front."""
        return self._on_show.add(callback)

    def save_settings(self, settings: Settings) -> None:
        """Keep and use new settings; raises ReadOnly or DiskFull and then changes nothing."""
        self._refuse_read_only("keep the settings")
        kept.write(self.home.settings_file, settings)
        self.settings = settings

    def session(self) -> dict[str, Json]:
        """What the window kept of its last session; {} the first time."""
        value, problem = kept.read(kept.Session, self.home.session_file, kept.Session())
        if problem is not None:
            self._tell(problem)
        return dict(value.values)

    def save_session(self, values: Mapping[str, Json]) -> None:
        """Keep panel, fields and window for the next start; a guest keeps nothing."""
        if self._owner:
            kept.write(self.home.session_file, kept.Session(values=dict(values)))

    def keep_input(self, source: bytes | Path, suffix: str = ".png") -> Path:
        """Copy an input (a painted mask, a dropped picture) to stay; the same bytes once only."""
        data = source if isinstance(source, bytes) else source.read_bytes()
        ending = suffix if isinstance(source, bytes) else source.suffix.lower()
        folder = Path(self._temp.name) if self._temp else self.home.root
        path = folder / "inputs" / f"{hashlib.sha256(data).hexdigest()[:32]}{ending}"
        if not path.exists():
            files.write_bytes(path, data)
        return path

    def import_model(self, path: Path) -> str:
        """Queue the import of a package; it is tried out afterwards. Returns the job id."""
        title = f"Import {Path(path).name}"
        return self.queue.submit_work("files", "import_model", {"path": str(path)}, title)

    def export(self, ids: Sequence[str], target: Path, ext: str = "", level: str = "") -> str:
        """Queue the export of gallery items to a folder or file; returns the job id."""
        body: dict[str, Json] = {
            "ids": list(ids),
            "target": str(target),
            "ext": ext,
            "level": level or self.settings.metadata,
        }
        words = f"Export {len(ids)} file{'s' if len(ids) != 1 else ''}"
        return self.queue.submit_work("files", "export", body, words)

    def _after(self, job: Job, end: Event) -> None:
        """What follows from the end of a job."""
        if job.work == "import_model" and isinstance(end, Done):
            self.library.changed()
            self._try_out(str(end.data.get("model", "")), job.body.get("evaluate") is True)
        elif job.work == "verify" and job.body.get("installed"):
            self._judge(job, end)
        elif job.work in ("add_dataset", "add_starter", "edit_dataset", "remove_dataset"):
            self.datasets.changed()
        elif job.role == "train":
            self.trainings.ended(job, end)
        elif job.work in ("evaluate", "rename_model"):
            self.library.changed()

    def _try_out(self, model: str, evaluate: bool) -> None:
        body: dict[str, Json] = {"model": model, "installed": True, "evaluate": evaluate}
        self.queue.submit_work("generate", "verify", body, f"Check {model}")

    def _judge(self, job: Job, end: Event) -> None:
        """A package that fails its own probe does not stay."""
        model = str(job.body["model"])
        if isinstance(end, Done) and end.data.get("ok") is not False:
            if job.body.get("evaluate") is True:
                with contextlib.suppress(GenStudioError):
                    self.trainings.evaluate(model)
            return
        if isinstance(end, Failed):
            why = end.problem.what
        elif isinstance(end, Done) and end.data.get("ok") is False:
            why = str(end.data.get("text", "its probe does not agree"))
        else:
            return
        with contextlib.suppress(GenStudioError):
            self.library.remove(model)
        self._tell(
            Problem(
                kind="bad-input",
                what=f"{model} was not installed: {why}",
                next_step="Ask its maker for a whole copy.",
            )
        )

    def _tell(self, problem: Problem) -> None:
        self.problems.append(problem)
        self._on_problem(problem)

    def _refuse_read_only(self, doing: str) -> None:
        if self.read_only:
            raise ReadOnly(
                f"The data folder may only be read: GenStudio cannot {doing}",
                file=self.home.root,
                next_step="Choose another data folder in the settings.",
            )

    def _let_go(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._lock is not None:
            self._lock.release()
        if self._temp is not None:
            self._temp.cleanup()


def _can_write(home: Home) -> bool:
    """True when files can be made in the data folder; a full disk counts as writable."""
    probe = home.root / f"{files.TEMP_MARK}probe-{os.getpid()}"
    try:
        files.write_passing(probe, b"")
        files.remove(probe)
    except Exception as error:
        return classify(error).kind != "read-only"
    return True
