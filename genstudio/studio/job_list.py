"""The jobs of the queue in their order; the queue's lock guards it."""

from __future__ import annotations

from typing import Any

from genstudio.core.job import Job, JobState

ENDED: tuple[JobState, ...] = ("done", "cancelled", "failed")
KEEP_ENDED = 50


class JobList:
    """Open jobs in the order in which they run, ended ones in the order in which they ended."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def add(self, job: Job) -> None:
        """Put a job at the end."""
        self._jobs.append(job)

    def find(self, job: str) -> Job | None:
        """The job with that id."""
        return next((found for found in self._jobs if found.id == job), None)

    def change(self, job: str, **fields: Any) -> Job:
        """Replace fields of a job that is there; one that ended goes to the end of the list."""
        index = next(i for i, found in enumerate(self._jobs) if found.id == job)
        changed = self._jobs[index].model_copy(update=fields)
        if changed.state in ENDED and self._jobs[index].state not in ENDED:
            del self._jobs[index]
            self._jobs.append(changed)
        else:
            self._jobs[index] = changed
        return changed

    def remove(self, job: str) -> None:
        """Take a job out."""
        self._jobs = [found for found in self._jobs if found.id != job]

    def waiting(self) -> list[Job]:
        """Jobs that may be started, next first."""
        return [job for job in self._jobs if job.state == "waiting"]

    def move(self, job: str, position: int) -> None:
        """Give a waiting job another place among those that wait, 0 = next."""
        found = self.find(job)
        if found is None or found.state != "waiting":
            return
        self._jobs.remove(found)
        waiting = self.waiting()
        place = max(0, min(position, len(waiting)))
        index = self._jobs.index(waiting[place]) if place < len(waiting) else len(self._jobs)
        self._jobs.insert(index, found)

    def clear_ended(self) -> None:
        """Take all ended jobs out."""
        self._jobs = [job for job in self._jobs if job.state not in ENDED]

    def trim(self) -> None:
        """Forget ended jobs beyond the latest."""
        ended = [job for job in self._jobs if job.state in ENDED]
        gone = {job.id for job in ended[:-KEEP_ENDED]}
        self._jobs = [job for job in self._jobs if job.id not in gone]

    def shown(self) -> list[Job]:
        """The running jobs, then those that wait in their order, then the ended, newest first."""
        ended = [job for job in reversed(self._jobs) if job.state in ENDED]
        open_jobs = [job for job in self._jobs if job.state not in ENDED]
        return sorted(open_jobs, key=lambda job: job.state != "running") + ended

    def all(self) -> tuple[Job, ...]:
        """Everything, as it is kept on disk."""
        return tuple(self._jobs)
