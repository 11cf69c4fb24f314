"""Why a worker ended, in words: every reason its own, with what its log said last."""

import signal

import pytest

from genstudio.core.paths import Home
from genstudio.workers import deaths

ROLES = ("generate", "train", "files")


@pytest.mark.parametrize(
    ("code", "why", "kind", "words"),
    [
        (-9, "hang", "worker-hang", "did not answer"),
        (-9, "start", "worker-start", "did not start in time"),
        (-9, "idle", "worker-idle", "no progress"),
        (-9, "", "worker-killed", "memory ran out"),
        (-int(signal.SIGSEGV), "", "worker-signal", "SIGSEGV"),
        (-250, "", "worker-signal", "signal 250"),
        (0, "", "worker-exit", "in the middle of its work"),
        (3, "", "worker-exit", "exit code 3"),
    ],
)
def test_the_reason_is_named_and_a_step_given(tmp_path, code, why, kind, words):
    for role in ROLES:
        problem = deaths.problem(role, code, why, tmp_path)
        assert problem.kind == kind
        assert words in problem.what
        assert problem.next_step.endswith(".")
        assert problem.details == ""


def test_each_role_has_its_name(tmp_path):
    first = {deaths.problem(role, 1, "", tmp_path).what.split(" ended")[0] for role in ROLES}
    assert first == {"The generating process", "The training process", "The background process"}
    refused = deaths.never_started("train", ["genstudio", "--worker", "train"])
    assert refused.what.startswith("The training process")
    assert refused.details == "genstudio --worker train"


def test_details_are_the_crash_and_then_the_end_of_the_log(tmp_path):
    logs = Home(tmp_path).logs
    logs.mkdir()
    (logs / "worker-train.log").write_bytes(b"begin" + b"x" * 9000 + b"last \xff words")
    details = deaths.problem("train", 1, "", tmp_path, "Fatal Python error").details
    assert details.startswith("Fatal Python error\nx")
    assert details.endswith("last \ufffd words")
    assert "begin" not in details
    assert len(details) < 7000
    assert deaths.problem("generate", 1, "", tmp_path).details == ""
