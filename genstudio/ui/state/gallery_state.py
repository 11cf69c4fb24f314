"""GalleryState: everything made so far: search, filters, stars, trash with undo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

PAGE = 200
FILTERS = ("all", "starred", "trash")
# Results arrive in bursts; one reload for a burst.
SETTLE_MS = 150


class GalleryState(QObject):
    """`items` is the list as shown; `more` appends the next page."""

    changed = Signal()
    appended = Signal(int)
    item_changed = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.text = ""
        self.filter = "all"
        self.items: list[Artifact] = []
        self.complete = False
        self._loaded = False
        self._watched = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.reload)

    # ---- what is shown

    def search(self, text: str) -> None:
        """Words, `model:`, `seed:`, `date:`; results follow a moment later."""
        if text != self.text:
            self.text = text
            self._timer.start()
            self.edited.emit()

    def set_filter(self, name: str) -> None:
        """`all`, `starred` or `trash`."""
        if name in FILTERS and name != self.filter:
            self.filter = name
            self.reload()
            self.edited.emit()

    def reload(self) -> None:
        """Read the list again, as long as it was (at least one page)."""
        self._timer.stop()
        self._loaded = True
        count = max(PAGE, len(self.items))
        self.items = self._page(count, 0)
        self.complete = len(self.items) < count
        self.changed.emit()

    def refresh(self) -> None:
        """The gallery changed: reload soon, once for a burst of changes, if anybody looks."""
        if self._watched and not self._timer.isActive():
            self._timer.start()

    def watch(self, on: bool) -> None:
        """Somebody looks at the list, or nobody does any more (then changes cost nothing)."""
        self._watched = on
        if on:
            self.reload()
        else:
            self._timer.stop()

    def more(self) -> None:
        """Append the next page; nothing when all is there."""
        if self.complete:
            return
        page = self._page(PAGE, len(self.items))
        self.complete = len(page) < PAGE
        if page:
            first = len(self.items)
            self.items += page
            self.appended.emit(first)

    def index_of(self, artifact_id: str) -> int:
        """Where an artifact stands in `items`, -1 when it is not shown."""
        return next((i for i, item in enumerate(self.items) if item.id == artifact_id), -1)

    def get(self, artifact_id: str) -> Artifact | None:
        """An artifact by id, None when it is gone."""
        try:
            return self._studio.gallery.get(artifact_id)
        except GenStudioError:
            return None

    def path(self, artifact: Artifact) -> Path:
        """Its file."""
        return self._studio.gallery.path(artifact)

    def models(self) -> list[str]:
        """Ids of the models whose results are in the gallery."""
        try:
            return self._studio.gallery.models()
        except GenStudioError:
            return []

    def small_picture(self, artifact: Artifact, side: int) -> Path | None:
        """The file of a small picture of it, made at need; call it beside the window's thread."""
        return self._studio.gallery.thumbnail(artifact, side)

    def words_of(self, artifact: Artifact, most: int) -> str:
        """The first `most` characters of a text; "" where it is gone."""
        return self._studio.gallery.said(artifact, most)

    def recent_pictures(self, limit: int = 60) -> list[Artifact]:
        """The newest pictures, whatever the search says."""
        try:
            found = self._studio.gallery.list(limit=limit * 2)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return []
        return [item for item in found if item.output == "image"][:limit]

    # ---- acting

    def star(self, ids: Sequence[str], on: bool | None = None) -> None:
        """Star or unstar; None stars all unless all have a star already."""
        found = [item for item in map(self.get, ids) if item]
        wanted = on if on is not None else not all(item.starred for item in found)
        if self._done(lambda: [self._studio.gallery.star(item.id, wanted) for item in found]):
            for item in found:
                self._replace(item.id)

    def trash(self, ids: Sequence[str]) -> None:
        """Move to the trash; the undo is offered at once."""
        kept = list(ids)
        if kept and self._done(lambda: self._studio.gallery.trash(kept)):
            text = f"{several(len(kept), 'result')} moved to the trash"
            self.said.emit(text, "Undo", lambda: self.restore(kept, quiet=True))
            self._follow(kept)

    def restore(self, ids: Sequence[str], quiet: bool = False) -> None:
        """Bring back from the trash."""
        kept = list(ids)
        if kept and self._done(lambda: self._studio.gallery.restore(kept)):
            if not quiet:
                text = f"{several(len(kept), 'result')} restored"
                self.said.emit(text, "Undo", lambda: self.trash(kept))
            self._follow(kept)

    # ---- session

    def snapshot(self) -> dict[str, str]:
        """Search and filter as JSON."""
        return {"text": self.text, "filter": self.filter}

    def take(self, saved: dict[str, object]) -> None:
        """Put a snapshot back."""
        self.text = str(saved.get("text", ""))
        name = str(saved.get("filter", "all"))
        self.filter = name if name in FILTERS else "all"

    def close(self) -> None:
        """No reload any more."""
        self._timer.stop()

    # ---- inside

    def _page(self, limit: int, offset: int) -> list[Artifact]:
        try:
            return self._studio.gallery.list(
                text=self.text,
                starred=self.filter == "starred",
                trashed=self.filter == "trash",
                limit=limit,
                offset=offset,
            )
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return []

    def _done(self, act: object) -> bool:
        try:
            act()  # type: ignore[operator]
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        return True

    def _follow(self, ids: Sequence[str]) -> None:
        """After a move: read the list again where it is in use, and tell who shows these."""
        if self._loaded:
            self.reload()
        for artifact_id in ids:
            self.item_changed.emit(artifact_id)

    def _replace(self, artifact_id: str) -> None:
        item, place = self.get(artifact_id), self.index_of(artifact_id)
        if item is not None and place >= 0:
            self.items[place] = item
        self.item_changed.emit(artifact_id)
