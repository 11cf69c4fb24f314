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
from genstudio.media.provenance import Embedded
from genstudio.media.reading import label, open_binary
from genstudio.media.resizing import upscale

LEAST_SIDE = 256
# VP9 plays in browsers, VLC and Windows 11; MPEG-4 Part 2 where a build lacks libvpx.
_CODECS = ("vp09", "mp4v")


def encode(pictures: list[np.ndarray], fps: float, texts: Embedded) -> bytes:
    """A film of frames of one size, scaled up pixel by pixel to at least 256 a side, even sides."""
    frames = [_even(upscale(colour.convert(picture, 3), LEAST_SIDE)) for picture in pictures]
    # OpenCV writes to a path only; what it wrote is read back and goes the usual way.
    with tempfile.TemporaryDirectory(prefix="genstudio-") as folder:
        path = Path(folder) / "film.mp4"
        _write(path, frames, fps)
        data = path.read_bytes()
    return _with_texts(data, texts)


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


def _write(path: Path, frames: list[np.ndarray], fps: float) -> None:
    cv2 = _opencv()
    height, width = frames[0].shape[:2]
    for codec in _CODECS:
        code = cv2.VideoWriter_fourcc(*codec)
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, fps, (width, height))
        if not writer.isOpened():
            continue
        try:
            for frame in frames:
                writer.write(np.ascontiguousarray(frame[:, :, ::-1]))
        finally:
            writer.release()
        if path.exists() and path.stat().st_size:
            return
    raise GenStudioError(
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
        data += _box(b"uuid", XMP_UUID + texts.xmp)
    return data


def _with_comment(data: bytes, text: bytes) -> bytes:
    place = _last_box(data)
    if data[place + 4 : place + 8] != b"moov":
        return data
    # Appending to the last box moves nothing that the tables of frame positions point to.
    value = _box(b"data", struct.pack(">II", 1, 0) + text)
    kind = _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    meta = _box(b"meta", bytes(4) + kind + _box(b"ilst", _box(b"\xa9cmt", value)))
    return data[:place] + _box(b"moov", data[place + 8 :] + _box(b"udta", meta))


def _last_box(data: bytes) -> int:
    place = last = 0
    while place + 8 <= len(data):
        last = place
        (size,) = struct.unpack_from(">I", data, place)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        place += max(8, size or len(data))
    return last


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content
