"""The colours of the window: one table of tokens for dark, one for light."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """Colours of one theme as `rrggbb` (`aarrggbb` where see-through).

    `faint` is for what cannot be used now, `fill` the primary button, `wash` a selected place;
    `scrim` lies over pictures under `on_scrim` text; `check_a/b` are the checkerboard behind
    transparency. `series_1` … `series_6` tell curves and models apart, beside another sign.
    `chance_1` … `chance_5` lie under words from likely to surprising (blue to orange: told apart
    whatever one's eyes), `heat_1` … `heat_4` under words that weigh little or much.
    `roll_…` are the ground of the piano roll (rows of white and black keys, lines of beats and
    bars), `voice_1` … `voice_8` its tracks with `on_voice` for words on their notes.
    """

    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    fill: str
    fill_hover: str
    on_fill: str
    hover: str
    wash: str
    good: str
    amber: str
    red: str
    focus: str
    scrim: str
    veil: str
    on_scrim: str
    check_a: str
    check_b: str
    series_1: str
    series_2: str
    series_3: str
    series_4: str
    series_5: str
    series_6: str
    chance_1: str
    chance_2: str
    chance_3: str
    chance_4: str
    chance_5: str
    heat_1: str
    heat_2: str
    heat_3: str
    heat_4: str
    roll_white: str
    roll_black: str
    roll_beat: str
    roll_bar: str
    voice_1: str
    voice_2: str
    voice_3: str
    voice_4: str
    voice_5: str
    voice_6: str
    voice_7: str
    voice_8: str
    on_voice: str


DARK = Tokens(
    window="16171b",
    panel="1d1f24",
    raised="262930",
    line="31343c",
    text="eceef2",
    dim="9aa0ab",
    faint="626874",
    accent="7c8cff",
    fill="5664ea",
    fill_hover="4c5ae0",
    on_fill="ffffff",
    hover="2e313a",
    wash="292c43",
    good="4cc38a",
    amber="e0b252",
    red="f4858b",
    focus="9aa6ff",
    scrim="d216171b",
    veil="b016171b",
    on_scrim="ffffff",
    check_a="24272d",
    check_b="2c2f37",
    series_1="7c8cff",
    series_2="e8a33d",
    series_3="3fc1b0",
    series_4="ef7fb1",
    series_5="5cb8f0",
    series_6="a9c75a",
    chance_1="1f3857",
    chance_2="252f3d",
    chance_3="37332a",
    chance_4="584119",
    chance_5="74381b",
    heat_1="272b47",
    heat_2="313765",
    heat_3="3e4688",
    heat_4="4c57a6",
    roll_white="1e2025",
    roll_black="191a1f",
    roll_beat="292c33",
    roll_bar="3d414b",
    voice_1="ec6f9f",
    voice_2="e5b04b",
    voice_3="58c78d",
    voice_4="8190ff",
    voice_5="56bdf0",
    voice_6="f08d62",
    voice_7="c58af5",
    voice_8="b7cc62",
    on_voice="15161a",
)
LIGHT = Tokens(
    window="f4f5f7",
    panel="ffffff",
    raised="f0f1f4",
    line="dfe2e8",
    text="1b1d22",
    dim="5f6672",
    faint="a2a8b3",
    accent="4a5be0",
    fill="4a5be0",
    fill_hover="3d4dcc",
    on_fill="ffffff",
    hover="e7e9ee",
    wash="eaedfd",
    good="1a7445",
    amber="815400",
    red="b52b34",
    focus="4a5be0",
    scrim="d2101114",
    veil="b0f4f5f7",
    on_scrim="ffffff",
    check_a="eceef2",
    check_b="f9fafb",
    series_1="4a5be0",
    series_2="b05f00",
    series_3="0b7d72",
    series_4="b52b76",
    series_5="0a72b8",
    series_6="5f7300",
    chance_1="cfe3fb",
    chance_2="e6f0fb",
    chance_3="faf1dc",
    chance_4="fbdcab",
    chance_5="f8bd93",
    heat_1="e9ecfd",
    heat_2="d3d9fb",
    heat_3="b8c2f8",
    heat_4="9ba8f3",
    roll_white="ffffff",
    roll_black="f4f5f8",
    roll_beat="e9ebf0",
    roll_bar="c9cdd6",
    voice_1="c92d70",
    voice_2="9a6400",
    voice_3="0c7d4c",
    voice_4="4a5be0",
    voice_5="0a72b8",
    voice_6="bf4a17",
    voice_7="8b3fcb",
    voice_8="5f7300",
    on_voice="ffffff",
)
TEXT_ON: tuple[tuple[str, str], ...] = (
    *(
        (front, back)
        for front in ("text", "dim")
        for back in ("window", "panel", "raised", "hover")
    ),
    *((front, "wash") for front in ("text", "dim", "accent")),
    *(
        (front, back)
        for front in ("accent", "good", "amber", "red")
        for back in ("window", "panel")
    ),
    ("good", "raised"),
    ("amber", "raised"),
    ("red", "raised"),
    ("on_fill", "fill"),
    ("on_fill", "fill_hover"),
    *(("text", f"chance_{level}") for level in range(1, 6)),
    *(("text", f"heat_{level}") for level in range(1, 5)),
    *((front, back) for front in ("text", "dim") for back in ("roll_white", "roll_black")),
    *(("on_voice", f"voice_{number}") for number in range(1, 9)),
)
"""Every (text, background) pair that the program draws; all must reach 4.5:1."""
SERIES = tuple(f"series_{number}" for number in range(1, 7))
"""Tokens of curves; all reach 3:1 on window, panel and raised (WCAG 1.4.11)."""
VOICES = tuple(f"voice_{number}" for number in range(1, 9))
"""Tokens of tracks; all reach 3:1 on the roll's ground. The ninth track begins anew."""
