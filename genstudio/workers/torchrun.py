"""`genstudio worker torchrun RUN --home DIR …`: starts the processes of a training on this machine.

This is torchrun (torch.distributed.launcher.elastic_launch, torchrun's own engine) with the
program itself as what is run, so that it works in a frozen build as well. When a process dies,
all are started again, at most `--max-restarts` times, and go on from the newest checkpoint; with
several machines they meet at `--rendezvous HOST:PORT`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from genstudio.workers.ends import end_with_stdin
from genstudio.workers.parent import command

LOOKS = 0.5  # seconds between looks at the processes


def main(words: Sequence[str], home: Path) -> int:
    """Run until all processes have ended; 0 where all went well."""
    asked = _parse(words)
    end_with_stdin()
    # Else processes that are started again find the addresses of the dead ones in the store that
    # PyTorch 2.13 keeps over restarts, and wait for them.
    os.environ["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] = "1"
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    program, *rest = rank_command(asked.run, home)
    with tempfile.TemporaryDirectory(prefix="genstudio-torchrun-") as folder:
        config = LaunchConfig(
            min_nodes=asked.nodes,
            max_nodes=asked.nodes,
            nproc_per_node=asked.devices,
            run_id=asked.run,
            rdzv_backend="c10d",
            rdzv_endpoint=asked.rendezvous or "localhost:0",
            # A machine's own name often does not lead to itself; alone it needs none.
            local_addr=None if asked.rendezvous else "127.0.0.1",
            max_restarts=asked.max_restarts,
            monitor_interval=LOOKS,
            logs_specs=DefaultLogsSpecs(log_dir=folder),
        )
        try:
            elastic_launch(config, program)(*rest)
        except (ChildFailedError, SignalException) as error:
            print(error, file=sys.stderr, flush=True)
            return 1
    return 0


def rank_command(run: str, home: Path) -> list[str]:
    """How one process of the training is started."""
    start = command("rank", home)
    return [*start[:-2], run, *start[-2:]]


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="genstudio worker torchrun")
    parser.add_argument("run")
    parser.add_argument("--devices", type=int, default=1)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--max-restarts", type=int, default=0)
    parser.add_argument("--rendezvous", default="")
    return parser.parse_args(words)
