"""MP4 through OpenCV: VP9 film, XMP and comment boxes added by hand.

OpenCV's wheels carry FFmpeg under the LGPL with libvpx and without GPL encoders. PyAV's wheel
says LGPL too, but ships libx264 and libx265.
"""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.media import colour
from genstudio.media.containers import XMP_UUID
from genstudio.media.mp4_boxes import box
from genstudio.media.mp4_sound import with_sound
from genstudio.media.provenance import Embedded
from genstudio.media.reading import label, open_binary
from genstudio.media.resizing import upscale

LEAST_SIDE = 256
# VP9 plays in browsers, VLC and Windows 11; MPEG-4 Part 2 where a build lacks libvpx.
_CODECS = ("vp09", "mp4v")


class Film:
    """An MP4 that grows by one frame at a time; leave it with `close` (or as a context).

    All frames have one size. They are scaled up pixel by pixel to at least 256 a side, and odd
    sides get even. Raises GenStudioError where OpenCV is missing or cannot write films.
    """

    def __init__(self, fps: float) -> None:
        self._cv2, self._fps = _opencv(), fps
        # OpenCV writes to a path only; what it wrote is read back and goes the usual way.
        self._folder = tempfile.TemporaryDirectory(prefix="genstudio-")
        self._path = Path(self._folder.name) / "film.mp4"
        self._writer: Any = None

    def __enter__(self) -> Film:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def add(self, picture: np.ndarray) -> None:
        """One more frame, uint8 (h, w, c)."""
        frame = _even(upscale(colour.convert(picture, 3), LEAST_SIDE))
        if self._writer is None:
            self._writer = self._opened(frame.shape[1], frame.shape[0])
        self._writer.write(np.ascontiguousarray(frame[:, :, ::-1]))

    def finished(self, texts: Embedded, sound: bytes = b"") -> bytes:
        """The whole file. `sound` is an MP3 file, heard from the first frame on (`mp4_sound`)."""
        self._release()
        data = self._path.read_bytes() if self._path.exists() else b""
        if not data:
            raise _no_films()
        return _with_texts(with_sound(data, sound) if sound else data, texts)

    def close(self) -> None:
        """Throw away what lies on the disk."""
        self._release()
        self._folder.cleanup()

    def _opened(self, width: int, height: int) -> Any:
        for codec in _CODECS:
            code = self._cv2.VideoWriter_fourcc(*codec)
            path, size = str(self._path), (width, height)
            writer = self._cv2.VideoWriter(path, self._cv2.CAP_FFMPEG, code, self._fps, size)
            if writer.isOpened():
                return writer
        raise _no_films()

    def _release(self) -> None:
        if self._writer is not None:
            self._writer.release()


def encode(pictures: list[np.ndarray], fps: float, texts: Embedded, sound: bytes = b"") -> bytes:
    """A film of `pictures`, with an MP3 file as its sound where one is given (see `Film`)."""
    with Film(fps) as film:
        for picture in pictures:
            film.add(picture)
        return film.finished(texts, sound)


def is_mp4(source: Path | str | bytes) -> bool:
    """True where the file starts with a `ftyp` box that is no still-picture format."""
    with open_binary(source, 8 * 1024**3) as handle:
        head = handle.read(12)
    return head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis", b"heic", b"mif1")


def read(source: Path | str | bytes, max_frames: int, max_pixels: int) -> tuple[np.ndarray, float]:
    """(frames uint8 (n, h, w, 3), frames a second); raises BadInput."""
    if not isinstance(source, bytes):
        return _decoded(str(source), label(source), max_frames, max_pixels)
    with tempfile.TemporaryDirectory(prefix="genstudio-") as folder:
        from genstudio.core import files

        path = Path(folder) / "film.mp4"
        files.write_bytes(path, source)
        return _decoded(str(path), label(source), max_frames, max_pixels)


def _opencv() -> Any:
    """OpenCV, imported when a film is really asked for, and told not to print."""
    try:
        import cv2
    except ImportError as error:
        raise GenStudioError(
            "MP4 needs the package opencv-python-headless, which is not installed",
            next_step="Install it, or save the animation as WebP or GIF.",
        ) from error
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


def _no_films() -> GenStudioError:
    return GenStudioError(
        "This computer's OpenCV cannot write MP4 films",
        next_step="Save the animation as WebP or GIF.",
    )


def _decoded(path: str, name: str, max_frames: int, max_pixels: int) -> tuple[np.ndarray, float]:
    cv2 = _opencv()
    film = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    try:
        fps = float(film.get(cv2.CAP_PROP_FPS)) or 24.0
        area = int(film.get(cv2.CAP_PROP_FRAME_WIDTH) * film.get(cv2.CAP_PROP_FRAME_HEIGHT))
        frames: list[np.ndarray] = []
        while area > 0 and (answer := film.read())[0]:
            if len(frames) >= max_frames or (len(frames) + 1) * area > max_pixels:
                raise BadInput(f"{name} has more frames than can be held here")
            frames.append(np.ascontiguousarray(answer[1][:, :, ::-1]))
    finally:
        film.release()
    if not frames:
        raise BadInput(f"{name} is damaged or no film that can be read here")
    return np.stack(frames), fps


def _even(picture: np.ndarray) -> np.ndarray:
    """Colour is stored for blocks of 2×2, so odd sides repeat their last row or column."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _with_texts(data: bytes, texts: Embedded) -> bytes:
    """Add the comment to `moov` where that is the last box, and XMP behind everything."""
    if texts.parameters:
        data = _with_comment(data, texts.parameters.encode("utf-8", "replace"))
    if texts.xmp:
        data += box(b"uuid", XMP_UUID + texts.xmp)
    return data


def _with_comment(data: bytes, text: bytes) -> bytes:
    place = _last_box(data)
    if data[place + 4 : place + 8] != b"moov":
        return data
    # Appending to the last box moves nothing that the tables of frame positions point to.
    value = box(b"data", struct.pack(">II", 1, 0) + text)
    kind = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    meta = box(b"meta", bytes(4) + kind + box(b"ilst", box(b"\xa9cmt", value)))
    return data[:place] + box(b"moov", data[place + 8 :] + box(b"udta", meta))


def _last_box(data: bytes) -> int:
    place = last = 0
    while place + 8 <= len(data):
        last = place
        (size,) = struct.unpack_from(">I", data, place)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        place += max(8, size or len(data))
    return last
