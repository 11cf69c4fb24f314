"""Reading what files say about themselves: ours, others', hostile ones."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from genstudio.core.errors import BadInput
from genstudio.media import containers, exif, image, provenance, xmp
from tests.helpers.making import picture, png_chunk, png_header, png_with, saved
from tests.helpers.making import provenance as record


def _itxt(key: bytes, text: bytes, packed: bool = False) -> bytes:
    body = zlib.compress(text) if packed else text
    return png_chunk(b"iTXt", key + b"\x00" + bytes([packed, 0]) + b"\x00\x00" + body)


def _png_texts(**texts: str) -> bytes:
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    return saved(Image.fromarray(picture()), pnginfo=info)


# -- ours ------------------------------------------------------------------------------------


def test_describe_is_plain_json() -> None:
    found = provenance.read(image.encode(picture(), ".png", record()))
    said = json.loads(json.dumps(provenance.describe(found)))
    assert said["made_here"] is True
    assert said["format"] == "PNG"
    assert said["model"] == "fashion-gan"
    assert said["seed"] == 1234567
    assert said["index"] == 3
    assert said["values"]["truncation"] == 0.75
    assert said["source_type"] == "trained"
    assert said["digital_source_type"].endswith("trainedAlgorithmicMedia")
    assert said["inputs"]["image"]["name"] == "Ünï 名.png"
    assert said["provenance"] == record().model_dump(mode="json")
    assert said["parameters"]["Seed"] == "1234567"
    assert "genstudio" in said["keys"]


def test_describe_of_a_bare_picture() -> None:
    said = provenance.describe(provenance.read(image.png(picture())))
    assert said["made_here"] is False
    assert said["level"] == "bare"
    assert said["parameters"] is None
    assert said["software"] == ""


def test_to_parameters() -> None:
    assert "Size: 30x40" in provenance.to_parameters(record(), (30, 40))
    assert "Size" not in provenance.to_parameters(record())


def test_embed_at_each_level() -> None:
    full = provenance.embed(record(), "full", (1, 2))
    assert full.parameters
    assert json.loads(full.json)["format"] == 1
    assert b"provenance" not in full.xmp.replace(b"genstudio:provenance:1#", b"")
    assert provenance.embed(record(), "label").parameters == ""
    assert provenance.embed(record(), "bare") == provenance.Embedded()
    assert provenance.embed(None, "full") == provenance.Embedded()


def test_newer_versions_are_named_and_not_guessed() -> None:
    text = json.dumps(record().model_dump(mode="json") | {"format": 99})
    found = provenance.read(png_with(_itxt(b"genstudio", text.encode())))
    assert found.provenance is None
    assert "format 99" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        '{"format": 1}',
        '{"format": true}',
        "[" * 100_000,
        '{"a":' * 50_000,
        "__import__('os').system('touch /tmp/never')",
        '{"format": 1, "request": {"format": 1, "model": "../../x", "task": "sample"}}',
        '{"format": 1, "request": {"format": 1, "model": "x", "task": "s", "seed": 1e400}}',
        '{"format": 1, "request": {"format": 1, "model": "\\ud800", "task": "s"}}',
    ],
)
def test_hostile_entries_become_notes(text: str) -> None:
    found = provenance.read(png_with(_itxt(b"genstudio", text.encode())))
    assert found.provenance is None
    assert bool(found.notes) == bool(text)


def test_long_entries_are_left_out() -> None:
    big = b'{"format": 1, "app": "' + b"x" * (containers.MAX_TEXT + 10) + b'"}'
    for packed in (False, True):
        found = provenance.read(png_with(_itxt(b"genstudio", big, packed)))
        assert found.provenance is None
        assert "too large" in found.notes[0]


def test_packed_text_is_read_and_bombs_are_not_unpacked() -> None:
    good = json.dumps(record().model_dump(mode="json")).encode()
    assert provenance.read(png_with(_itxt(b"genstudio", good, True))).provenance == record()
    bomb = png_chunk(b"zTXt", b"parameters\x00\x00" + zlib.compress(b"a" * 30_000_000))
    found = provenance.read(png_with(bomb))
    assert found.texts == {"parameters": ""} or not found.texts
    assert "too large" in found.notes[0]


def test_many_texts_stay_within_the_total() -> None:
    chunks = [png_chunk(b"tEXt", b"k%d\x00" % n + b"x" * 900_000) for n in range(12)]
    found = provenance.read(png_with(*chunks))
    assert sum(map(len, found.texts.values())) <= containers.MAX_TOTAL
    assert found.notes


# -- others' ---------------------------------------------------------------------------------


def test_webui_picture() -> None:
    text = "cat\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 512x512, Version: v1.6.0"
    found = provenance.read(_png_texts(parameters=text))
    assert found.parameters is not None
    assert found.parameters["Prompt"] == "cat"
    assert found.parameters_text == text
    assert found.software == "A1111-style v1.6.0"
    assert found.level == "full"


def test_comfyui_invokeai_novelai_fooocus() -> None:
    comfy = provenance.read(_png_texts(prompt='{"3": {"inputs": {}}}', workflow='{"nodes": []}'))
    assert comfy.software == "ComfyUI"
    assert comfy.foreign["prompt"] == {"3": {"inputs": {}}}
    invoke = provenance.read(_png_texts(invokeai_metadata='{"seed": 7}'))
    assert (invoke.software, invoke.foreign["invokeai_metadata"]) == ("InvokeAI", {"seed": 7})
    novel = provenance.read(_png_texts(Comment='{"steps": 28}', Software="NovelAI"))
    assert (novel.software, novel.foreign["Comment"]) == ("NovelAI", {"steps": 28})
    fooocus = provenance.read(_png_texts(parameters="a", fooocus_scheme="fooocus"))
    assert fooocus.software == "Fooocus"
    broken = provenance.read(_png_texts(workflow='{"nodes": [', Comment="[" * 50_000))
    assert broken.foreign == {}


def test_comfyui_animated_webp() -> None:
    block = Image.Exif()
    block[0x0110] = 'prompt:{"1": 2}'
    block[0x010F] = 'workflow:{"nodes": []}'
    found = provenance.read(saved(Image.fromarray(picture()), "WEBP", exif=block))
    assert found.foreign == {"prompt": {"1": 2}, "workflow": {"nodes": []}}


@pytest.mark.parametrize("coding", ["utf-16-be", "utf-16-le"])
def test_user_comment_of_either_byte_order(coding: str) -> None:
    text = "bär, 猫\nSteps: 20, Seed: 1, Size: 5x5"
    block = Image.Exif()
    block.get_ifd(0x8769)[0x9286] = b"UNICODE\x00" + text.encode(coding)
    found = provenance.read(saved(Image.fromarray(picture()), "JPEG", exif=block))
    assert found.parameters_text == text


@pytest.mark.parametrize(
    ("comment", "wanted"),
    [
        (b"ASCII\x00\x00\x00plain", "plain"),
        ("bare ü".encode(), "bare ü"),
        (b"UNICODE\x00\x00", "�"),
        (b"", ""),
    ],
)
def test_other_user_comments(comment: bytes, wanted: str) -> None:
    block = Image.Exif()
    block.get_ifd(0x8769)[0x9286] = comment
    assert exif.texts(block.tobytes()).get("parameters", "") == wanted


def test_exif_damage_is_no_exif() -> None:
    good = exif.build("Steps: 1")
    assert exif.texts(good) == {"parameters": "Steps: 1"}
    for cut in range(0, len(good), 3):
        exif.texts(good[:cut])
    assert exif.texts(b"Exif\x00\x00" + bytes(40)) == {}
    assert exif.texts(b"x" * (exif.MAX_TEXT + 1)) == {}


def test_jpeg_comment_segment() -> None:
    text = b"Steps: 1, Seed: 2, Size: 3x4"
    found = provenance.read(saved(Image.fromarray(picture()), "JPEG", comment=text))
    assert found.parameters is not None
    assert found.parameters["Seed"] == "2"


def test_label_of_other_programs_is_reported_as_it_is() -> None:
    uri = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    packet = xmp.build("trained").decode().replace(xmp.SOURCE_URIS["trained"], uri).encode()
    found = provenance.read(saved(Image.fromarray(picture()), "WEBP", xmp=packet))
    assert (found.source_uri, found.source_type, found.level) == (uri, "", "label")


# -- XMP -------------------------------------------------------------------------------------

_FRAME = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="{rdf}" xmlns:i="{iptc}">'
    "<r:Description>{inner}</r:Description></r:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize(
    "inner",
    [
        "<i:DigitalSourceType>urn:a</i:DigitalSourceType>",
        '<i:DigitalSourceType r:resource="urn:a"/>',
        "<i:DigitalSourceType>\n urn:a \n</i:DigitalSourceType>",
    ],
)
def test_label_in_every_spelling_of_rdf(inner: str) -> None:
    data = _FRAME.format(rdf=xmp.RDF, iptc=xmp.IPTC, inner=inner).encode()
    assert xmp.parse(data).source_uri == "urn:a"


def test_xmp_round_trip_of_awkward_json() -> None:
    text = json.dumps({"a": "<&>\"' ]]> ü \n\t", "b": "名\u0001"})
    assert xmp.parse(xmp.build("composite", text)) == xmp.Packet(xmp.SOURCE_URIS["composite"], text)


def test_xml_bombs_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    data = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'.encode()
    assert xmp.parse(data) == xmp.Packet()
    outside = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    assert xmp.parse(outside) == xmp.Packet()


@pytest.mark.parametrize(
    "data", [b"", b"<", b"\xff\xfe", b"<a>" * 1000, b"x" * (xmp.MAX_BYTES + 1)]
)
def test_broken_xmp_is_none(data: bytes) -> None:
    assert xmp.parse(data) == xmp.Packet()


# -- containers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"x", b"BM" + bytes(60), b"%PDF-1.4", b"PK\x03\x04", b"\x00\x00\x00\x18ftypavif"]
)
def test_other_files_are_named(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ding.bin"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"ding\.bin is not a PNG"):
        provenance.read(path)


def test_missing_and_empty(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not there"):
        provenance.read(tmp_path / "none.png")
    with pytest.raises(BadInput, match="empty"):
        provenance.read(b"")


@pytest.mark.parametrize(
    "data",
    [
        png_header(1, 1) + struct.pack(">I4s", 2**31 - 1, b"iTXt") + b"short",
        png_header(1, 1) + struct.pack(">I4s", 2**32 - 1, b"tEXt"),
        b"\xff\xd8\xff\xe1\xff\xffhttp",
        b"\xff\xd8\xff\xe1\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBPEXIF\xff\xff\xff\xff",
        b"RIFF\x00\x00\x00\x00WEBPXMP \x10\x00\x00\x00ab",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00\x21\xfe\xffabc",
        b"GIF89a",
        struct.pack(">I", 16) + b"ftypisom" + bytes(4) + struct.pack(">I", 7) + b"moov",
        struct.pack(">I", 16) + b"ftypisom" + bytes(4) + struct.pack(">I", 2**31) + b"moov",
        struct.pack(">I", 16)
        + b"ftypisom"
        + bytes(4)
        + struct.pack(">I", 1)
        + b"uuid"
        + b"\xff" * 8,
    ],
)
def test_lying_lengths_end_the_search(data: bytes) -> None:
    found = provenance.read(data)
    assert found.provenance is None
    assert found.level == "bare"


def test_nested_boxes_do_not_recurse_for_ever() -> None:
    box = b""
    for kind in (b"moov", b"udta") * 200:
        box = struct.pack(">I4s", 8 + len(box), kind) + box
    found = provenance.read(struct.pack(">I", 16) + b"ftypisom" + bytes(4) + box)
    assert found.texts == {}


def test_keyword_without_text_and_strange_keys() -> None:
    data = png_with(
        png_chunk(b"tEXt", b"nothing"),
        png_chunk(b"tEXt", b"\x00value"),
        png_chunk(b"iTXt", b"half\x00\x01"),
        png_chunk(b"zTXt", b"bad\x00\x00not zlib"),
        png_chunk(b"tEXt", b"k" * 200 + b"\x00long key"),
    )
    found = provenance.read(data)
    assert found.texts.get("") == "value"
    assert any("damaged" in note for note in found.notes)
    assert all(len(key) <= 80 for key in found.texts)


def test_the_first_of_two_entries_wins() -> None:
    first = json.dumps(record().model_dump(mode="json")).encode()
    data = png_with(_itxt(b"genstudio", first), _itxt(b"genstudio", b"{}"))
    assert provenance.read(data).provenance == record()
