"""Goes on with the toy runs in the folders given on the command line, to the end."""

import sys
from pathlib import Path

from tests.training.toys import trainer

if __name__ == "__main__":
    for folder in sys.argv[1:]:
        for _ in trainer(Path(folder)).run():
            pass
