"""Scenes of the Image panel with models that are asked in words; see screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import Image, PngImagePlugin
from PySide6.QtCore import QPoint

from genstudio.ui.state.sweep_state import Draft
from tests.helpers.drive import drag, rest, until

AVATARS, CHARACTERS, EMOJI = "avatars-diffusion", "characters-diffusion", "emoji-diffusion"
PROMPT = "a smiling woman with {blue|pink|purple|blonde} hair and round glasses"
A1111 = """a castle above the clouds, golden light
Negative prompt: fog
Steps: 24, Sampler: DPM++ 2M, CFG scale: 6.5, Seed: 777, Size: 64x64, Model: someModel_v3, \
Version: v1.9.4"""


def _made(stage: Any, model: str, prompt: str, count: int, chosen: int) -> None:
    """Pictures of a prompt, one of them chosen."""
    stage.show("image")
    stage.make("sample", model, prompt=prompt, count=count)
    stage.image.results.grid.select([chosen])
    stage.image.results.grid.setFocus()


def scene_prompt(stage: Any) -> None:
    """A prompt with alternatives, and its pictures."""
    _made(stage, AVATARS, PROMPT, 12, chosen=1)


def scene_emoji(stage: Any) -> None:
    """Emoji by name and style."""
    prompt = "{3D|flat|gradient} {apple|ghost|guitar|robot|tiger face|snowman}"
    _made(stage, EMOJI, prompt, 18, chosen=4)


def scene_characters(stage: Any) -> None:
    """Pixel art, by parts."""
    stage.show("image")
    prompt = "a {pizza|shark|panda|robot|banana|owl} with {red|blue} glasses, {teal|purple} body"
    stage.make("sample", CHARACTERS, prompt=prompt, count=24)


def scene_words(stage: Any) -> None:
    """What a model understands while a prompt is typed."""
    stage.show("image")
    stage.ask("sample", AVATARS, prompt="")
    edit = stage.image.asking.prompt.box.edit
    edit.setFocus()
    edit.take("a smiling astronaut with pur")
    rest(0.6)


def scene_inpaint(stage: Any) -> None:
    """Painting what is to be made anew, with the words for it."""
    stage.show("image")
    stage.make("sample", AVATARS, prompt="a smiling person with long brown hair", count=1)
    made = stage.app.state.gallery.recent_pictures()[0]
    path = stage.app.studio.gallery.path(made)
    stage.ask("inpaint", AVATARS, prompt="a smiling person with a pink mohawk")
    stage.generation.ask.set_input("image", path)
    stage.image.results.canvas.open()
    rest(1.5)
    canvas = stage.image.results.canvas.mask.editor.canvas
    middle = canvas.rect().center()
    drag(canvas, [middle + QPoint(x, -130 + abs(x) // 3) for x in range(-120, 121, 12)])


def scene_sweep(stage: Any) -> None:
    """Two settings against each other."""
    stage.show("image")
    stage.ask("sample", AVATARS, prompt="a surprised man with a blue turban, yellow shirt", count=1)
    many = stage.generation.many
    many.set_mode("sweep")
    for which, name, values in (("x", "steps", "2, 4, 8, 16"), ("y", "guidance", "1, 2.5, 6")):
        many.set_draft(which, Draft(name))  # a setting is chosen first, then typed for
        many.set_draft(which, Draft(name, values))
    made = stage.generation.submit()
    assert made is not None
    until(lambda: not made.running, "the sweep", 300)
    rest(0.5)


def scene_foreign(stage: Any) -> None:
    """A picture of another program shows its settings."""
    stage.generation.many.set_mode("once")
    stage.show("image")
    path = stage.app.studio.home.root / "from another program.png"
    said = PngImagePlugin.PngInfo()
    said.add_text("parameters", A1111)
    Image.radial_gradient("L").convert("RGB").save(path, pnginfo=said)
    offers: list[Any] = []
    drops = stage.app.state.drop
    drops.described.connect(offers.append)
    drops.describe([path])
    until(lambda: bool(offers), "a look at the picture", 60)
    drops.accept(offers[-1], "foreign")
    rest(0.8)


SCENES: dict[str, Callable[[Any], None]] = {
    "image-prompt": scene_prompt,
    "image-emoji": scene_emoji,
    "image-characters": scene_characters,
    "image-words": scene_words,
    "image-inpaint": scene_inpaint,
    "image-sweep": scene_sweep,
    "image-foreign": scene_foreign,
}
