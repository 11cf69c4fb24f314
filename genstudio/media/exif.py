"""EXIF UserComment: where JPEG and WebP carry the `parameters` text (USERS.md 4.1)."""

from __future__ import annotations

import io

from PIL import Image

from genstudio.media.quiet import quiet

_EXIF_IFD = 0x8769
_USER_COMMENT = 0x9286
_MAKER_NOTE = 0x927C
_SOFTWARE = 0x0131
_MAKE, _MODEL = 0x010F, 0x0110
_GPS_IFD, _LATITUDE = 0x8825, 2
_UNICODE = b"UNICODE\x00"
_ASCII = b"ASCII\x00\x00\x00"
MAX_TEXT = 1024 * 1024


def build(text: str) -> bytes:
    """An EXIF block whose UserComment is `text` in big-endian UTF-16."""
    exif = Image.Exif()
    exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = _UNICODE + text.encode("utf-16-be", "replace")
    return exif.tobytes()


def texts(data: bytes) -> dict[str, str]:
    """UserComment as "parameters", ComfyUI's "prompt" and "workflow", Fooocus' "fooocus_scheme"
    (which writes its entries beside, not into, the IFD they belong to); empty where malformed."""
    if not data or len(data) > MAX_TEXT:
        return {}
    exif = Image.Exif()
    try:
        with quiet():
            exif.load(data)
            comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT) or exif.get(_USER_COMMENT)
            software, note = exif.get(_SOFTWARE), exif.get(_MAKER_NOTE)
            tagged = [exif.get(tag) for tag in (_MODEL, _MAKE)]
    except Exception:  # foreign EXIF makes Pillow raise a dozen kinds; no EXIF is a fine answer
        return {}
    found = {"parameters": _text(comment)}
    if _text(software).startswith("Fooocus"):
        found |= {"Software": _text(software), "fooocus_scheme": _text(note) or "fooocus"}
    for value in tagged:
        key, colon, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
        if colon and key in ("prompt", "workflow"):
            found[key] = rest
    return {key: text for key, text in found.items() if text}


def has_location(data: bytes) -> bool:
    """True where the bytes of a picture file say where it was taken (GPS in its EXIF)."""
    if b"Exif" not in data and b"eXIf" not in data and data[:2] not in (b"II", b"MM"):
        return False
    try:
        with quiet(), Image.open(io.BytesIO(data)) as picture:
            return _LATITUDE in picture.getexif().get_ifd(_GPS_IFD)
    except Exception:  # as above: broken EXIF says nothing
        return False


def _text(value: object) -> str:
    """An entry as text, whether Pillow took it for text or for bytes."""
    if isinstance(value, bytes):
        return _comment(value)
    return value.strip("\x00") if isinstance(value, str) else ""


def _comment(data: bytes) -> str:
    if data.startswith(_UNICODE):
        body = data[len(_UNICODE) :]
        # The byte order is not written down; text of any language has its zero bytes, spaces
        # and line breaks (00 20, 00 0A) in the high half.
        little = body[1::2].count(0) > body[0::2].count(0)
        return body.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\x00")
    if data.startswith(_ASCII):
        return data[len(_ASCII) :].decode("ascii", "replace").strip("\x00")
    return data.decode("utf-8", "replace").strip("\x00")
