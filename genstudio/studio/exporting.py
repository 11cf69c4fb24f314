"""Export: gallery items as files for the world, with as much metadata as the user wants."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core import files
from genstudio.core.artifact import Artifact, MetadataLevel, Provenance
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.studio.gallery import Gallery

if TYPE_CHECKING:
    from genstudio.media.finishing import Finish
    from genstudio.studio.timed_walks import Timed

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
ANIMATIONS = (".webp", ".gif", ".mp4", ".png")
TEXTS = (".txt", ".md", ".docx", ".html")
MUSIC = (".mid", ".musicxml")
SOUNDS = (".wav", ".flac", ".ogg", ".mp3")


def formats(output: str) -> tuple[str, ...]:
    """The suffixes an output can be saved as; () = only as it is."""
    known = {
        "image": PICTURES,
        "animation": ANIMATIONS,
        "text": TEXTS,
        "music": MUSIC,
        "sound": SOUNDS,
    }
    return known.get(output, ())


def export(
    gallery: Gallery,
    ids: Sequence[str],
    target: Path,
    ext: str = "",
    level: MetadataLevel = "full",
    finish: Finish | None = None,
    timed: Timed | None = None,
) -> Iterator[Event]:
    """Write items to `target`: a folder (names made, nothing overwritten), or a file for one.

    Yields a Result per file; Done.data = {"paths": […]}. `ext` "" keeps the kind of file or
    takes that of `target`; `finish` enlarges pixels and clears the background of pictures;
    animations that become .mp4 are `timed` to a piece, which is heard with them.
    """
    artifacts = [gallery.get(name) for name in ids]
    one_file = bool(target.suffix) and not target.is_dir()
    if one_file and len(artifacts) != 1:
        raise UsageError("Several results need a folder to go to, not one file name")
    if finish is not None:
        finish.check()
    paths: list[str] = []
    total = len(artifacts)
    yield Progress(done=0, total=total)
    for artifact in artifacts:
        suffix = _suffix(artifact, ext or (target.suffix if one_file else ""))
        if timed is not None and artifact.output == "animation" and suffix == ".mp4":
            steps = _film(gallery, artifact, timed, level, finish)
            data = yield from _counted(steps, len(paths), total)
        else:
            data = encoded(gallery.path(artifact), artifact, suffix, level, finish)
        if one_file:
            place = target.with_suffix(suffix)
            files.write_bytes(place, data)
        else:
            place = files.write_new(target / f"{name_of(artifact.provenance)}{suffix}", data)
        if suffix == ".txt":
            speak_for(place, data, [shareable(artifact.provenance)], level)
        paths.append(str(place))
        yield Result(
            path=str(place),
            index=len(paths) - 1,
            seed=artifact.provenance.request.seed,
            output=artifact.output,
        )
        yield Progress(done=len(paths), total=total)
    yield Done(data={"paths": list(paths)})


def _film(
    gallery: Gallery,
    artifact: Artifact,
    timed: Timed,
    level: MetadataLevel,
    finish: Finish | None,
) -> Generator[Event, None, bytes]:
    """The events of making a film with sound; returns its bytes."""
    from genstudio.studio import timed_walks

    made = shareable(artifact.provenance)
    return timed_walks.film(gallery.path(artifact), made, timed, level, finish)


def _counted(
    steps: Generator[Event, None, bytes], before: int, total: int
) -> Generator[Event, None, bytes]:
    """The same steps as one of `total`, behind `before` others; returns what they return."""
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            return bytes(end.value)
        if isinstance(event, Progress):
            event = event.model_copy(update={"done": before + event.done, "total": total})
        yield event


def place_result(made: Path, target: Path) -> Path:
    """Carry a result out of the spool to `target`, or a free name beside it; returns where.

    What speaks for a plain text (`media.documents.sidecar`) goes with it.
    """
    from genstudio.media import documents

    place = files.write_new(target, made.read_bytes())
    beside = documents.sidecar_of(made)
    if beside.is_file():
        files.write_bytes(documents.sidecar_of(place), beside.read_bytes())
    return place


def speak_for(
    place: Path, content: bytes, made: Sequence[Provenance], level: MetadataLevel
) -> None:
    """Write the file beside a plain text that tells where it comes from."""
    from genstudio.media import documents

    beside = documents.sidecar(content, made, level)
    if beside:
        files.write_bytes(documents.sidecar_of(place), beside)


def name_of(made: Provenance) -> str:
    """MODEL-SEED-INDEX, the same on the command line; in a group what it is called there."""
    if made.group and made.group.name:
        return file_name(made.group.name, made.request.seed, made.index)
    return f"{made.request.model}-{made.request.seed}-{made.index}"


def file_name(name: str, seed: int, index: int) -> str:
    """NAME-SEED-INDEX for a result of a series, safe on every system, in any script."""
    kept = "".join(c if c.isalnum() or c in "._+" else "-" for c in name).strip("-.")[:60]
    slug = "-".join(part for part in kept.split("-") if part)
    return f"{slug or 'result'}-{seed}-{index}"


def encoded(
    source: Path,
    artifact: Artifact,
    ext: str,
    level: MetadataLevel,
    finish: Finish | None = None,
) -> bytes:
    """The bytes of a gallery file as `ext` with metadata of `level`; raises UsageError."""
    from genstudio.media.finishing import Finish

    made = shareable(artifact.provenance)
    finish = finish or Finish()
    if artifact.output == "image":
        from genstudio.media import image

        finish.check(ext)
        return image.encode(finish.applied(image.read(source)), ext, made, level)
    if artifact.output == "animation":
        from genstudio.media import animation

        frames, fps = animation.read(source)
        return animation.encode(finish.applied(frames), ext, fps, made, level)
    if artifact.output == "text":
        from genstudio.media import documents

        return documents.encode(documents.text_of(source), ext, [made], level)
    if artifact.output in ("music", "sound"):
        from genstudio.media import music_made

        return music_made.encoded(source, ext, made, level)
    return source.read_bytes()


def shareable(made: Provenance) -> Provenance:
    """The same without the folders of its input files: they are nobody's business."""
    short = {name: Path(path).name for name, path in made.request.inputs.items()}
    return made.model_copy(update={"request": made.request.model_copy(update={"inputs": short})})


def _suffix(artifact: Artifact, wanted: str) -> str:
    own = Path(artifact.file).suffix
    if not wanted:
        return own
    suffix = "." + wanted.lower().lstrip(".")
    known = formats(artifact.output)
    if suffix != own and suffix not in known:
        words = ", ".join(known) or f"{own} only"
        raise UsageError(f"{artifact.output} results are saved as {words}, not {suffix}")
    return suffix
