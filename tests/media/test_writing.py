"""Three formats, three levels: pixels, what is written, what is read back."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.media import containers, image, provenance, xmp
from tests.helpers.making import picture, smooth
from tests.helpers.making import provenance as record

FORMATS = [".png", ".jpg", ".webp"]


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("ext", [".png", ".webp"])
def test_lossless(ext: str, channels: int) -> None:
    pixels = picture(17, 13, channels)
    found = image.read(image.encode(pixels, ext, record(), "full"))
    wanted = pixels if ext == ".png" or channels != 1 else pixels.repeat(3, axis=2)
    np.testing.assert_array_equal(found, wanted)


def test_jpeg_is_close_and_flattens_alpha() -> None:
    found = image.read(image.encode(smooth(), ".jpg"))
    assert np.abs(found.astype(int) - smooth()).mean() < 2
    clear = np.zeros((8, 8, 4), np.uint8)
    assert image.read(image.encode(clear, ".jpeg")).min() > 250
    assert image.read(image.encode(picture(8, 8, 1), ".jpg")).shape == (8, 8, 1)


@pytest.mark.parametrize("ext", FORMATS)
def test_full_round_trip(ext: str) -> None:
    found = provenance.read(image.encode(picture(40, 30), ext, record(), "full"))
    assert found.level == "full"
    assert found.provenance == record()
    assert found.source_type == "trained"
    assert found.software == "GenStudio 0.1.0"
    assert found.notes == ()
    assert found.parameters is not None
    assert found.parameters["Seed"] == "1234567"
    assert found.parameters["Size-1"] == "30"
    assert found.parameters["Size-2"] == "40"
    assert found.parameters["Model"] == "fashion-gan"
    assert found.parameters["Model hash"] == "0123456789"
    assert found.parameters["Class"] == "Ankle boot, hohe & <schöne> “名前”"
    assert found.parameters["Prompt"] == "a boot: red,\nwith ]]> laces"


@pytest.mark.parametrize("ext", FORMATS)
@pytest.mark.parametrize("kind", ["trained", "composite", "algorithmic"])
def test_label_alone(ext: str, kind: str) -> None:
    data = image.encode(picture(), ext, record(source_type=kind), "label")
    found = provenance.read(data)
    assert found.level == "label"
    assert found.source_type == kind
    assert found.provenance is None
    assert found.parameters is None
    assert not found.texts
    for word in (b"fashion-gan", b"1234567", b"GenStudio 0", b"Ankle"):
        assert word not in data


@pytest.mark.parametrize("ext", FORMATS)
def test_bare_is_nothing_but_pixels(ext: str) -> None:
    data = image.encode(picture(), ext, record(), "bare")
    assert data == image.encode(picture(), ext, None, "full")
    found = provenance.read(data)
    assert (found.level, found.texts, found.source_uri) == ("bare", {}, "")
    with Image.open(io.BytesIO(data)) as opened:
        assert not {"exif", "xmp", "comment", "parameters"} & set(opened.info)


def test_png_chunks_are_what_other_programs_look_for() -> None:
    with Image.open(io.BytesIO(image.encode(picture(), ".png", record()))) as opened:
        text = opened.text  # type: ignore[attr-defined]
    assert set(text) == {"parameters", "genstudio", "XML:com.adobe.xmp"}
    assert "\nSeed: 1234567" in text["parameters"]
    tree = ElementTree.fromstring(text["XML:com.adobe.xmp"].encode())
    (described,) = tree.iter(f"{{{xmp.RDF}}}Description")
    assert described.get(f"{{{xmp.IPTC}}}DigitalSourceType") == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )


def test_latin_1_parameters_are_plain_text_chunks() -> None:
    plain = record(request=record().request.model_copy(update={"values": {"class": "Bag"}}))
    data = image.encode(picture(), ".png", plain)
    assert b"tEXtparameters\x00Seed: " in data


@pytest.mark.parametrize("ext", [".jpg", ".webp"])
def test_user_comment_is_utf_16_big_endian(ext: str) -> None:
    data = image.encode(picture(), ext, record())
    with Image.open(io.BytesIO(data)) as opened:
        comment = opened.getexif().get_ifd(0x8769)[0x9286]
        assert b"DigitalSourceType" in opened.info["xmp"]
    assert comment.startswith(b"UNICODE\x00")
    assert "Seed: 1234567" in comment[8:].decode("utf-16-be")


def test_unknown_suffix_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"\.png, \.jpg"):
        image.encode(picture(), ".xyz")


def test_settings_too_long_for_jpeg_say_what_to_do() -> None:
    long = record(facts={"text": "x" * 70_000})
    with pytest.raises(GenStudioError, match="too long for a JPEG") as caught:
        image.encode(picture(), ".jpg", long)
    assert "PNG" in caught.value.problem.next_step
    assert provenance.read(image.encode(picture(), ".png", long)).provenance == long
    assert provenance.read(image.encode(picture(), ".webp", long)).provenance == long
    assert provenance.read(image.encode(picture(), ".jpg", long, "label")).level == "label"


def test_webp_has_a_largest_side() -> None:
    with pytest.raises(GenStudioError, match="16383"):
        image.encode(np.zeros((1, 16384, 3), np.uint8), ".webp")


def test_upper_case_suffix() -> None:
    assert image.encode(picture(), ".PNG").startswith(containers.PNG)
