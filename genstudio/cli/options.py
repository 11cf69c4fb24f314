"""Options that several commands share, declared once: `generate`, `sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[str, typer.Argument(help="Id of a model; see `models list`.")]
Task = Annotated[str, typer.Option(help="What to ask; the model's first task if left out.")]
Seed = Annotated[str, typer.Option(help="A whole number, or `random`.")]
Count = Annotated[int | None, typer.Option(help="How many results.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting of the task; repeat at will."),
]
Input = Annotated[
    list[str] | None,
    typer.Option(
        "--input", metavar="[NAME=]FILE", help="A file the task starts from; or a folder."
    ),
]
Colours = Annotated[
    Path | None,
    typer.Option(metavar="PICTURE", help="Key and tempo of a piece from this picture's colours."),
]
Prompts = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Prompts, one a line (.txt), or a table (.csv)."),
]
Style = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A style around the prompt; see `styles list`; repeat."),
]
Template = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="A text with fields; see `templates list`. With --prompts TABLE.csv: one text a row.",
    ),
]
FieldOf = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=VALUE", help="A field of the template; repeat at will."),
]
Out = Annotated[Path, typer.Option(help="Folder for the results.")]
OutOrNone = Annotated[
    Path | None,
    typer.Option(help="Folder for the results (the current one if left out), or one file."),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="EXT",
        help="png, jpg, webp; gif, mp4; txt, md, docx, html; mid, musicxml; wav, flac, ogg, mp3.",
    ),
]
Enlarge = Annotated[int, typer.Option(help="Write each pixel as a block: 1, 2, 4, 8 or 16 a side.")]
Transparent = Annotated[
    bool, typer.Option("--transparent", help="Take the background away (PNG, WebP).")
]
Edge = Annotated[str, typer.Option(metavar="hard|soft", help="The edge that --transparent leaves.")]
Tolerance = Annotated[
    int | None,
    typer.Option(help="0 to 100: how far colours may differ from the background's."),
]
Job = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.json",
        help="A job file: written from the other flags with MODEL, carried out without.",
    ),
]
ShardOf = Annotated[
    str,
    typer.Option(
        metavar="I/N",
        help="Only this piece of the job: 0/4 … 3/4, or `auto` under torchrun and SLURM.",
    ),
]
