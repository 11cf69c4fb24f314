"""Queue: which job runs where and when. Persistent; one lane per role; the latest slider wins."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from genstudio.core import files
from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import GenStudioError, NotFound, Problem, classify
from genstudio.core.events import (
    ENDS,
    Cancelled,
    Done,
    Event,
    Failed,
    Log,
    Result,
    stamped,
)
from genstudio.core.job import Job, JobState, Message, QueueFile, Role
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio import kept
from genstudio.studio.gallery import Gallery
from genstudio.studio.job_list import ENDED, JobList
from genstudio.studio.lane import Lane, WorkerLike
from genstudio.studio.listeners import Listeners
from genstudio.studio.saver import Saver
from genstudio.workers.parent import Worker

# Training writes a checkpoint when it is stopped; the others have nothing to finish.
GRACE = {"generate": 3.0, "files": 3.0, "train": 10.0}
IDLE = {"generate": 0.0, "files": 600.0, "train": 0.0}
_INTERRUPTED = Problem(
    kind="interrupted",
    what="GenStudio ended while this was running",
    next_step="Try it again.",
)


def make_worker(role: Role, home: Home, on_event: Callable[[Event], None]) -> WorkerLike:
    """The process of a role with its own patience."""
    return Worker(role, home.root, on_event, GRACE[role], idle_limit=IDLE[role])


class Queue:
    """Callbacks of `on_event` and `on_change` come from the threads of the lanes.

    Every stored job gets exactly one Done, Cancelled or Failed. Live jobs are never stored; one
    that is replaced before it starts says nothing.
    """

    def __init__(
        self,
        home: Home,
        gallery: Gallery,
        *,
        stored: bool = True,
        worker: Callable[[Role, Home, Callable[[Event], None]], WorkerLike] = make_worker,
        on_problem: Callable[[Problem], None] = lambda problem: None,
    ) -> None:
        self._home = home
        self._gallery = gallery
        self._stored = stored
        self._make_worker = worker
        self._on_problem = on_problem
        self._lock = threading.RLock()
        self._events = Listeners()
        self._changes = Listeners()
        self._ends = Listeners()
        self._lanes: dict[Role, Lane] = {}
        self._running: dict[Role, Job] = {}
        self._live: dict[Role, Job] = {}
        self._faults: dict[str, Problem] = {}
        self._stamps: dict[str, int] = {}
        self._stamp = 0
        self._closed = False
        self._paused = False
        self._jobs = JobList()
        self.recovered: list[Job] = []
        self._read()
        self._saver = Saver(self._save, on_problem)

    def on_event(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Call `callback` with every event of every job; returns how to end that."""
        return self._events.add(callback)

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever `jobs()` or `paused` is different."""
        return self._changes.add(callback)

    def on_end(self, callback: Callable[[Job, Event], None]) -> Callable[[], None]:
        """Call `callback(job, end)` when a stored job ends, before `on_event` hears of it."""
        return self._ends.add(callback)

    def start(self) -> None:
        """Begin with what waits from last time."""
        for role in {job.role for job in self.jobs() if job.state == "waiting"}:
            self._lane(role).wake()

    def close(self) -> None:
        """Stop the workers; what ran is put back, what waits is kept for the next start."""
        with self._lock:
            self._closed = True
            for role, job in list(self._running.items()):
                # A training stops with a checkpoint and goes on when it is told to.
                self._jobs.change(job.id, state="paused" if role == "train" else "waiting")
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.close()
        self._saver.mark()
        self._saver.close()

    def submit(self, request: Request, replace: bool = False, title: str = "") -> str:
        """Queue a generation; returns the job id.

        A live request replaces the live one that still waits; `replace` does the same among
        other requests submitted with it.
        """
        job = self._job("generate", "generate", {"request": request.model_dump(mode="json")})
        words = title or f"{request.model}: {request.task}"
        job = job.model_copy(update={"title": words[:400], "live": request.live})
        with self._lock:
            self._open_only()
            if request.live:
                self._live["generate"] = job
            else:
                if replace:
                    self._drop_waiting(job.title)
                self._jobs.add(job)
        self._lane("generate").wake()
        if not request.live:
            self._touched()
        return job.id

    def submit_work(
        self, role: Role, work: str, body: dict[str, Json] | None = None, title: str = ""
    ) -> str:
        """Queue any work of a role; returns the job id."""
        job = self._job(role, work, body or {})
        words = (title or work.replace("_", " ").capitalize())[:400]
        with self._lock:
            self._open_only()
            self._jobs.add(job.model_copy(update={"title": words}))
        self._lane(role).wake()
        self._touched()
        return job.id

    def drop_live(self) -> None:
        """Forget live requests that have not started."""
        with self._lock:
            self._live.clear()

    def cancel(self, job: str) -> None:
        """Stop a running job or take a waiting one out; its end comes as an event."""
        with self._lock:
            running = {found.id: role for role, found in self._running.items()}
            if job in running:
                lane = self._lanes[running[job]]
            else:
                found = self._jobs.find(job)
                if found is None or found.state not in ("waiting", "paused"):
                    return
                self._jobs.change(job, state="cancelled")
                self._lane(found.role).post(stamped(Cancelled(), job, self._stamps.get(job, 0)))
                lane = None
        if lane is not None:
            lane.cancel(job)
        self._touched()

    def cancel_running(self) -> None:
        """Stop everything that runs now; what waits stays."""
        with self._lock:
            running = [job.id for job in self._running.values()]
        for job in running:
            self.cancel(job)

    @property
    def paused(self) -> bool:
        """True while no further job is started (sliders still answer)."""
        return self._paused

    def pause(self, on: bool = True) -> None:
        """Hold the queue after the job that runs, or let it go on."""
        self._paused = on
        self._touched()
        if not on:
            self.start()

    def move(self, job: str, position: int) -> None:
        """Give a waiting job another place among those that wait, 0 = next."""
        with self._lock:
            self._jobs.move(job, position)
        self._touched()

    def retry(self, job: str) -> str:
        """Queue an ended job again under a new id, which is returned; raises NotFound."""
        with self._lock:
            old = self._jobs.find(job)
            if old is None or old.state in ("waiting", "running"):
                raise NotFound("This job cannot be tried again")
            self._jobs.remove(job)
        return self.submit_work(old.role, old.work, old.body, old.title)

    def remove(self, job: str) -> None:
        """Take an ended job out of the list."""
        with self._lock:
            found = self._jobs.find(job)
            if found is not None and found.state in ENDED:
                self._jobs.remove(job)
        self._touched()

    def clear_ended(self) -> None:
        """Take all ended jobs out of the list."""
        with self._lock:
            self._jobs.clear_ended()
        self._touched()

    def jobs(self) -> list[Job]:
        """The running jobs, then those that wait in their order, then the ended, newest first."""
        with self._lock:
            return self._jobs.shown()

    def get(self, job: str) -> Job | None:
        """The stored job with that id."""
        with self._lock:
            return self._jobs.find(job)

    def busy(self, role: Role) -> bool:
        """True while the role works (live jobs included)."""
        with self._lock:
            return role in self._running

    def memory(self, role: Role) -> int:
        """Resident bytes of the role's worker, 0 when none runs."""
        lane = self._lanes.get(role)
        return lane.memory if lane else 0

    def _job(self, role: Role, work: str, body: dict[str, Json]) -> Job:
        created = datetime.now().astimezone().isoformat(timespec="seconds")
        job = uuid.uuid4().hex[:12]
        with self._lock:
            self._stamp += 1
            self._stamps[job] = self._stamp
        return Job(id=job, role=role, work=work, title="", body=body, created=created)

    def _drop_waiting(self, title: str) -> None:
        for job in self._jobs.waiting():
            if job.title == title:
                self.cancel(job.id)

    def _lane(self, role: Role) -> Lane:
        with self._lock:
            if role not in self._lanes:
                make = partial(self._make_worker, role, self._home)
                self._lanes[role] = Lane(role, make, self._next, self._handle)
            return self._lanes[role]

    def _next(self, role: Role) -> Message | None:
        """The message to send now, if the lane is free and something may run."""
        with self._lock:
            if self._closed or role in self._running:
                return None
            job = self._live.pop(role, None)
            if job is None and not self._paused:
                job = next((j for j in self._jobs.waiting() if j.role == role), None)
            if job is None:
                return None
            if not job.live:
                job = self._jobs.change(job.id, state="running")
            self._running[role] = job
            stamp = self._stamps.setdefault(job.id, self._stamp)
        self._touched(stored=not job.live)
        spool = str(self._home.spool / job.id)
        return Message(job=job.id, stamp=stamp, work=job.work, body=job.body, spool=spool)

    def _handle(self, role: Role, events: list[Event]) -> None:
        """Events of one lane in order; results that arrived together are shelved together."""
        results: list[Result] = []
        for event in events:
            if isinstance(event, Result) and self._is_for_gallery(event.job):
                results.append(event)
                continue
            self._shelve(role, results)
            results = []
            if isinstance(event, ENDS):
                self._end(role, event)
            else:
                self._events(event)
        self._shelve(role, results)

    def _is_for_gallery(self, job: str) -> bool:
        found = self.get(job)
        return found is not None and found.work in ("generate", "series")

    def _shelve(self, role: Role, results: list[Result]) -> None:
        if not results:
            return
        job = results[0].job
        if job in self._faults:
            return
        try:
            artifacts = self._gallery.add_many(results)
        except Exception as error:
            problem = classify(error, doing="keeping the results")
            self._faults[job] = problem
            self._events(stamped(Log(level="error", text=problem.sentence), job, results[0].stamp))
            self._lanes[role].cancel(job)
            return
        self._note_made(job, [r.index for r in results if not r.data.get(UNFINISHED)])
        for result, artifact in zip(results, artifacts, strict=True):
            facts = {key: v for key, v in result.data.items() if key != "provenance"}
            path = str(self._gallery.path(artifact))
            data = {**facts, "artifact": artifact.id}
            self._events(result.model_copy(update={"path": path, "data": data}))

    def _note_made(self, job: str, places: list[int]) -> None:
        """A series that is tried again makes only what is not there yet."""
        with self._lock:
            found = self._jobs.find(job)
            if found is None or found.work != "series":
                return
            before = found.body.get("made")
            made: list[Json] = [*(before if isinstance(before, list) else []), *places]
            self._jobs.change(job, body={**found.body, "made": made})
        if not self._closed:
            self._saver.mark()

    def _end(self, role: Role, event: Done | Cancelled | Failed) -> None:
        fault = self._faults.pop(event.job, None)
        if fault is not None:
            event = Failed(problem=fault, job=event.job, stamp=event.stamp)
        with self._lock:
            running = self._running.get(role)
            if running is not None and running.id == event.job:
                del self._running[role]
            self._stamps.pop(event.job, None)
            job = self._jobs.find(event.job)
            if job is not None:
                problem = event.problem if isinstance(event, Failed) else None
                job = self._jobs.change(job.id, state=_state_of(event), problem=problem)
                self._jobs.trim()
        if job is not None:
            with contextlib.suppress(GenStudioError, OSError):
                files.remove(self._home.spool / event.job)
            self._ends(job, event)
            self._touched()
        self._events(event)

    def note_run(self, job: str, run: str) -> None:
        """A training tells its run: from now on trying again means going on with it."""
        with self._lock:
            found = self._jobs.find(job)
            if found is not None and found.body.get("run") != run:
                self._jobs.change(job, body={"run": run})
        self._touched()

    def _open_only(self) -> None:
        if self._closed:
            raise GenStudioError("GenStudio is closing")

    def _touched(self, stored: bool = True) -> None:
        if stored and not self._closed:
            self._saver.mark()
        self._changes()

    def _read(self) -> None:
        if not self._stored:
            return
        value, problem = kept.read(QueueFile, self._home.queue_file, QueueFile())
        if problem is not None:
            self._on_problem(problem)
        self._paused = value.paused
        for job in value.jobs:
            if job.state == "running":
                # It may be what ended the program: it must not start again by itself.
                update = {"state": "failed", "problem": _INTERRUPTED}
                job = job.model_copy(update=update)
                self.recovered.append(job)
            self._jobs.add(job)

    def _save(self) -> None:
        if not self._stored:
            return
        with self._lock:
            value = QueueFile(paused=self._paused, jobs=self._jobs.all())
        kept.write(self._home.queue_file, value)


def _state_of(event: Done | Cancelled | Failed) -> JobState:
    if isinstance(event, Done):
        return "done"
    return "cancelled" if isinstance(event, Cancelled) else "failed"
