"""Recipe options that matter for music alone: how notes become tokens."""

from __future__ import annotations

from genstudio.core.controls import Choice, Control, Float, Int, Option

GRID = Choice(
    name="grid",
    label="Grid",
    default="12",
    more=True,
    help="Parts of a quarter on which notes begin and end.",
    options=(
        Option(value="4", label="4 (sixteenths)"),
        Option(value="12", label="12 (triplets, too)"),
        Option(value="24", label="24 (thirty-seconds, too)"),
    ),
)
VOICES = Int(
    name="voices",
    label="Voices",
    default=0,
    low=0,
    high=16,
    more=True,
    help="How many tracks of a piece are learnt at most, those with the most notes; 0 takes what "
    "nearly all pieces make do with.",
)
LEVELS = Choice(
    name="levels",
    label="Loudness",
    default="auto",
    more=True,
    help="How finely the force of each note is learnt; automatic learns it where people played.",
    options=(
        Option(value="auto", label="Automatic"),
        Option(value="1", label="Not at all"),
        Option(value="4", label="4 levels"),
        Option(value="8", label="8 levels"),
    ),
)
TIMING = Choice(
    name="timing",
    label="Human timing",
    default="auto",
    more=True,
    help="Whether notes may stand a little beside the grid; automatic learns it where people "
    "played.",
    options=(
        Option(value="auto", label="Automatic"),
        Option(value="0", label="No"),
        Option(value="8", label="Yes"),
    ),
)
USUAL_SURPRISE = 0.9
SURPRISE = Float(
    name="surprise",
    label="Usual surprise",
    default=USUAL_SURPRISE,
    low=0.1,
    high=1.5,
    more=True,
    help="How daring the finished model is unless it is asked otherwise: networks that learned "
    "for some minutes only keep their key better with less.",
)
SHARED: tuple[Control, ...] = (GRID, VOICES, LEVELS, TIMING, SURPRISE)
