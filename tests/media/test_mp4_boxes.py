"""Boxes of MP4 files: found, changed with all sizes in step, refused where they do not end."""

from __future__ import annotations

import struct

import pytest

from genstudio.core.errors import BadInput
from genstudio.media.mp4_boxes import box, boxes, changed, count, find, full

TREE = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"head") + box(b"trak", b"one"))


def test_a_box_is_its_size_its_kind_and_its_content():
    assert box(b"free", b"abc") == b"\0\0\0\x0bfreeabc"
    assert full(b"stsd", b"x", 1, 2) == b"\0\0\0\x0dstsd\x01\0\0\x02x"


def test_boxes_tell_where_their_content_lies():
    assert [(kind, TREE[a:b][:4]) for kind, a, b in boxes(TREE)] == [
        (b"ftyp", b"isom"), (b"moov", b"\0\0\0\x0c"),
    ]  # fmt: skip


def test_long_sizes_and_a_last_box_to_the_end():
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 3) + b"abc"
    last = struct.pack(">I4s", 0, b"free") + b"xyz"
    assert [(kind, (long + last)[a:b]) for kind, a, b in boxes(long + last)] == [
        (b"mdat", b"abc"), (b"free", b"xyz"),
    ]  # fmt: skip


def test_a_path_leads_to_the_first_of_its_kind():
    assert find(TREE, (b"moov", b"trak")) == b"one"
    assert find(TREE, (b"moov", b"udta")) == b""
    assert count(find(TREE, (b"moov",)), b"trak") == 1


def test_a_change_moves_all_sizes_around_it():
    made = changed(TREE, (b"moov", b"trak"), lambda old: old * 100)
    assert find(made, (b"moov", b"trak")) == b"one" * 100
    assert find(made, (b"moov", b"mvhd")) == b"head"
    assert len(made) == len(TREE) + 99 * 3
    assert changed(TREE, (b"none",), lambda _old: b"") == TREE


@pytest.mark.parametrize("size", [4, 7, 100])
def test_boxes_that_do_not_end_where_they_should(size):
    with pytest.raises(BadInput, match="damaged"):
        list(boxes(struct.pack(">I4s", size, b"moov") + b"abc"))
