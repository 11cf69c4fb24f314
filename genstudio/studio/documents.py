"""Documents: the texts that are written in the Text panel."""

from __future__ import annotations

from collections.abc import Callable

from genstudio.core.document import UNTITLED, Document, Head, title_of
from genstudio.core.errors import Problem
from genstudio.core.paths import Home
from genstudio.studio.shelf import TRASH, Shelf, new_id, now

__all__ = ["TRASH", "Documents", "retitled"]


class Documents(Shelf[Document, Head]):
    """The shelf of texts. A title that nobody gave follows the first line."""

    def __init__(
        self,
        home: Home,
        on_problem: Callable[[Problem], None] = lambda _problem: None,
        read_only: bool = False,
    ) -> None:
        index = home.cache / "documents.json"
        super().__init__(Document, Head, "document", home.documents, index, on_problem, read_only)

    def new(self, text: str = "", title: str = "") -> Document:
        """A new document, kept once something is put into it."""
        moment, words = now(), title or title_of(text)
        return Document(
            id=new_id(), title=words, named=bool(title), created=moment, changed=moment, text=text
        )

    def rename(self, name: str, title: str) -> Document:
        """Give it a title; with an empty one it follows the first line again."""
        found = self.get(name)
        words = " ".join(title.split())[:400]
        update = {"title": words or title_of(found.text), "named": bool(words)}
        renamed = found.model_copy(update=update)
        self.put(renamed)
        return renamed


def retitled(document: Document) -> Document:
    """The same, called after its first line unless somebody gave it a title."""
    title = document.title if document.named else title_of(document.text)
    return document.model_copy(update={"title": title or UNTITLED, "changed": now()})
