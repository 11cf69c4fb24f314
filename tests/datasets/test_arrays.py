"""idx, npz and npy: read exactly, judged before memory is asked for, never unpickled."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.datasets import arrays, known, store
from tests.datasets.folders import MemorySource, add, facts, fill, idx, npz, said

RANDOM = np.random.default_rng(5)
IMAGES = RANDOM.integers(0, 256, (30, 20, 20), np.uint8)
LABELS = (np.arange(30) % 3).astype(np.uint8)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def _pairs(packed: bool = True) -> dict[str, bytes]:
    end = ".gz" if packed else ""
    return {
        f"train-images-idx3-ubyte{end}": idx(IMAGES[:24], packed),
        f"train-labels-idx1-ubyte{end}": idx(LABELS[:24], packed),
        f"t10k-images-idx3-ubyte{end}": idx(IMAGES[24:], packed),
        f"t10k-labels-idx1-ubyte{end}": idx(LABELS[24:], packed),
    }


@pytest.mark.parametrize("packed", [True, False])
def test_idx_pairs(packed: bool, home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "idx", _pairs(packed) | {"README.md": b"x", "preview.png": b"x"})
    found = facts(add(home, source))
    assert (found["count"], found["test_count"], found["valid_count"]) == (24, 6, 1)
    assert (found["size"], found["channels"], found["classes"]) == (20, 1, ["0", "1", "2"])
    test = store.open_pixels(home.datasets / "set", 20, 1, "test")
    np.testing.assert_array_equal(test.images[..., 0], IMAGES[24:])
    np.testing.assert_array_equal(test.labels, LABELS[24:])
    train = store.open_pixels(home.datasets / "set", 20, 1, "train")
    valid = store.open_pixels(home.datasets / "set", 20, 1, "valid")
    both = np.concatenate([valid.images, train.images])[..., 0]
    assert {i.tobytes() for i in both} == {i.tobytes() for i in IMAGES[:24]}
    truth = {i.tobytes(): int(n) for i, n in zip(IMAGES, LABELS, strict=True)}
    assert train.labels is not None
    assert [truth[i.tobytes()] for i in train.images[..., 0]] == train.labels.tolist()


def test_one_idx_file_brings_its_family(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "idx", _pairs()) / "train-images-idx3-ubyte.gz"
    assert facts(add(home, source))["test_count"] == 6


def test_idx_without_labels(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "idx", {"images-idx3-ubyte": idx(IMAGES, False)})
    found = facts(add(home, source))
    assert (found["count"], found["classes"]) == (30, [])
    assert store.open_pixels(home.datasets / "set", 20, 1).labels is None


def test_class_names_from_the_user_or_a_list(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "idx", _pairs())
    assert facts(add(home, source, classes=["a", "b", "c"]))["classes"] == ["a", "b", "c"]
    fill(source, {"classes.txt": b"eins\nzwei\n\ndrei\n"})
    assert facts(add(home, source, "two"))["classes"] == ["eins", "zwei", "drei"]
    with pytest.raises(BadInput, match="2 class names were given, but the data have 3"):
        add(home, source, "three", classes=["a", "b"])


def test_idx_inside_a_zip(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "mnist.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in _pairs().items():
            archive.writestr(f"raw/{name}", data)
    found = facts(add(home, path))
    assert (found["count"], found["test_count"]) == (24, 6)


def test_fashion_mnist_is_known_by_its_files(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    labels = (np.arange(24) % 10).astype(np.uint8)
    contents = _pairs() | {"train-labels-idx1-ubyte.gz": idx(labels)}
    digest = hashlib.md5(contents["train-labels-idx1-ubyte.gz"]).hexdigest()
    monkeypatch.setitem(known._MD5, "train-labels-idx1-ubyte.gz", digest)
    add(home, fill(tmp_path / "fashion", contents))
    dataset = store.load(home, "set")
    assert dataset.title == "Fashion-MNIST"
    assert dataset.facts.classes[0] == "T-shirt/top"
    assert dataset.facts.classes[9] == "Ankle boot"
    assert dataset.licence == "MIT"
    assert "Zalando" in dataset.attribution
    assert dataset.origin.startswith("github.com/zalandoresearch")


def test_other_files_of_the_same_name_are_not_taken_for_it() -> None:
    assert known.recognise(MemorySource(_pairs())) is None


def _idx_error(data: bytes, name: str = "train-images-idx3-ubyte.gz") -> str:
    with pytest.raises(BadInput) as caught:
        list(arrays.parts_of(MemorySource({name: data})))
    return caught.value.problem.what


def test_lying_idx_headers() -> None:
    def head(*sizes: int, kind: int = 8, dims: int = 3) -> bytes:
        return bytes([0, 0, kind, dims]) + struct.pack(f">{len(sizes)}I", *sizes)

    assert "promises" in _idx_error(gzip.compress(head(2**31, 28, 28)))
    assert "promises" in _idx_error(gzip.compress(head(1, 2**31, 1)))
    assert "promises" in _idx_error(head(10, 28, 28) + bytes(10), "a-images-idx3-ubyte")
    assert "not an idx" in _idx_error(gzip.compress(head(1, 2, 2, kind=13)))
    assert "not an idx" in _idx_error(gzip.compress(head(1, 2, 2, dims=2)))
    assert "not an idx" in _idx_error(b"plain text", "a-images-idx3-ubyte")
    assert "holds" in _idx_error(gzip.compress(head(2, 4, 4) + bytes(40)))
    assert "holds" in _idx_error(gzip.compress(head(2, 4, 4) + bytes(20)))
    assert "cannot be read" in _idx_error(gzip.compress(head(2, 4, 4) + bytes(32))[:-9])
    assert "cannot be read" in _idx_error(b"\x1f\x8b" + bytes(30))
    assert "does not hold pictures" in _idx_error(gzip.compress(head(4, dims=1) + bytes(4)))


def test_labels_must_fit_pictures() -> None:
    def source(labels: np.ndarray) -> MemorySource:
        return MemorySource(
            {"train-images-idx3-ubyte": idx(IMAGES, False),
             "train-labels-idx1-ubyte": idx(labels, False)}
        )  # fmt: skip

    with pytest.raises(BadInput, match="30 pictures, but 29 labels"):
        list(arrays.parts_of(source(LABELS[:-1])))


def test_splits_of_different_sizes_are_refused(home: Home, tmp_path: Path) -> None:
    contents = _pairs() | {"t10k-images-idx3-ubyte.gz": idx(IMAGES[24:, :18])}
    with pytest.raises(BadInput, match="beside"):
        add(home, fill(tmp_path / "idx", contents))


def test_exact_copies_in_arrays_stay_and_are_told(home: Home, tmp_path: Path) -> None:
    images = np.concatenate([IMAGES, IMAGES[:2]])
    events = add(home, fill(tmp_path / "d", {"images-idx3-ubyte": idx(images, False)}))
    assert facts(events)["count"] == 32
    assert "2 pictures are exact copies" in said(events)


# -- npz -------------------------------------------------------------------------------------


def _npz_parts(data: bytes, name: str = "data.npz") -> list[arrays.Part]:
    return list(arrays.parts_of(MemorySource({name: data})))


def test_npz_with_splits(home: Home, tmp_path: Path) -> None:
    data = npz(x_train=IMAGES[:24], y_train=LABELS[:24], x_test=IMAGES[24:], y_test=LABELS[24:])
    path = fill(tmp_path, {"set.npz": data}) / "set.npz"
    found = facts(add(home, path))
    assert (found["count"], found["test_count"], found["classes"]) == (24, 6, ["0", "1", "2"])


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (IMAGES, (30, 20, 20, 1)),
        (IMAGES.reshape(30, 400), (30, 20, 20, 1)),
        (RANDOM.integers(0, 256, (4, 8, 9, 3), np.uint8), (4, 8, 9, 3)),
        (RANDOM.integers(0, 256, (4, 3, 8, 9), np.uint8), (4, 8, 9, 3)),
        (RANDOM.integers(0, 256, (4, 8, 9, 4), np.uint8), (4, 8, 9, 3)),
        (np.asfortranarray(IMAGES), (30, 20, 20, 1)),
    ],
)
def test_layouts(values: np.ndarray, shape: tuple[int, ...]) -> None:
    (part,) = _npz_parts(npz(images=values))
    assert part.images.shape == shape
    assert part.images.dtype == np.uint8
    if shape[-1] == 1:
        np.testing.assert_array_equal(part.images[..., 0], IMAGES)


@pytest.mark.parametrize(
    "values",
    [
        IMAGES.astype(np.int64),
        IMAGES.astype(np.float32),
        (IMAGES / 255.0).astype(np.float32),
        (IMAGES / 127.5 - 1.0).astype(np.float64),
        IMAGES.astype(np.uint16) * 257,
        IMAGES.astype(">i4"),
    ],
)
def test_ranges(values: np.ndarray) -> None:
    (part,) = _npz_parts(npz(images=values))
    np.testing.assert_array_equal(part.images[..., 0], IMAGES)


def test_bits_and_transparency() -> None:
    assert set(np.unique(arrays.to_pixels(IMAGES > 100))) == {0, 255}
    assert arrays.to_pixels(np.zeros((1, 9, 9, 4), np.uint8)).min() == 255


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.full((2, 8, 8), np.nan), "not numbers"),
        (np.full((2, 8, 8), 1e9), "go from 0 to 255"),
        (np.full((2, 8, 8), -5), "go from 0 to 255"),
        (np.zeros((2, 8, 8, 7), np.uint8), "no list of pictures"),
        (np.zeros((0, 8, 8), np.uint8), "no list of pictures"),
        (np.zeros((2, 2, 2, 2, 3), np.uint8), "no list of pictures"),
        (np.zeros(5), "no array of pictures"),
    ],
)
def test_what_is_no_picture(values: np.ndarray, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        _npz_parts(npz(images=values))


@pytest.mark.parametrize(
    "labels", [np.array([-1] * 30), np.array([0.5] * 30), np.arange(30) * 1000]
)
def test_bad_labels(labels: np.ndarray) -> None:
    with pytest.raises(BadInput, match="labels"):
        _npz_parts(npz(images=IMAGES, labels=labels))


def test_pickles_are_refused_unread(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple:
            return Path.touch, (tmp_path / "run",)

    buffer = io.BytesIO()
    np.savez(buffer, images=np.array([Evil()] * 3, dtype=object))
    with pytest.raises(BadInput, match="arrays of object"):
        _npz_parts(buffer.getvalue())
    assert not (tmp_path / "run").exists()


def test_npy_headers_are_judged_before_reading() -> None:
    def npy(header: str, body: bytes = b"") -> bytes:
        text = header.encode().ljust(117) + b"\n"
        return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body

    def error(data: bytes) -> str:
        with pytest.raises(BadInput) as caught:
            _npz_parts(data, "a.npy")
        return caught.value.problem.what

    form = "{{'descr': '{}', 'fortran_order': False, 'shape': {}}}"
    assert "promises" in error(npy(form.format("|u1", "(1000000, 9999, 9999)")))
    assert "promises" in error(npy(form.format("|u1", "(-1, -8, 8)")))
    assert "arrays of" in error(npy(form.format("|S9", "(1, 8, 8)"), bytes(600)))
    assert "cannot be read" in error(npy("__import__('os').getpid()"))
    assert "cannot be read" in error(b"\x93NUMPY\x09\x09")
    assert "cannot be read" in error(b"")
    assert "cannot be read" in error(npy(form.format("|u1", "(1, 8, 8)"))[:20])


def test_npz_that_is_none_and_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        _npz_parts(b"no zip")
    monkeypatch.setattr(arrays, "MAX_ARRAY_BYTES", 1000)
    with pytest.raises(BadInput, match="more than can be read"):
        _npz_parts(npz(images=IMAGES))


def test_single_npy(home: Home, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, IMAGES)
    path = fill(tmp_path, {"bilder.npy": buffer.getvalue()}) / "bilder.npy"
    assert facts(add(home, path))["count"] == 30
