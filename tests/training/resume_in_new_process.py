"""Goes on with the toy runs in the folders given on the command line, to the end.

`--saving N` first: N steps, with a checkpoint after each.
"""

import sys
from pathlib import Path

from tests.training.toys import trainer

if __name__ == "__main__":
    words, settings = sys.argv[1:], {}
    if words[0] == "--saving":
        settings = {"steps": int(words[1]), "checkpoint_seconds": 0.0, "sample_every": 0}
        words = words[2:]
    for folder in words:
        for _ in trainer(Path(folder), **settings).run():
            pass
