"""One function puts every failure into words."""

import errno

import pytest

from genstudio.core.errors import BadInput, DiskFull, Problem, classify


class OutOfMemoryError(RuntimeError):
    """Stands for torch.OutOfMemoryError, recognised by name."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "out-of-memory"),
        (OutOfMemoryError("CUDA"), "out-of-memory"),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
            "out-of-memory",
        ),
        (RuntimeError("Fail: Failed to allocate memory for requested buffer"), "out-of-memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "out-of-memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk-full"),
        (RuntimeError("unexpected pos 704 vs 598"), "disk-full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "read-only"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "not-found"),
        (ZeroDivisionError("division by zero"), "error"),
        (DiskFull("full"), "disk-full"),
        (BadInput("bad"), "bad-input"),
    ],
)
def test_classify(error, kind):
    problem = classify(error, "saving", "x.bin")
    assert problem.kind == kind
    assert type(error).__name__ in problem.details


def test_own_errors_keep_their_words():
    error = BadInput("model.json is empty", file="/a/model.json", next_step="Import it again.")
    problem = classify(error, "importing")
    assert problem.sentence == "model.json is empty (/a/model.json). Import it again."
    assert str(error) == problem.sentence


def test_sentence_does_not_repeat_the_file():
    assert Problem(what="x.png is broken.", file="x.png").sentence == "x.png is broken."


def test_words_name_what_was_going_on():
    problem = classify(ValueError("odd"), "training")
    assert "while training" in problem.what
    assert "ValueError" in problem.what
