"""What a diffusion model can be asked: new pictures, and work on given ones."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core import asking, fast
from genstudio.core.controls import Choice, Control, Float, ImageInput, Int, Option, Text
from genstudio.core.family import Task
from genstudio.core.stored import Json

EVEN, KARRAS = "even", "karras"
STEPS, MOST_STEPS = 20, 250
_KEEPS = "A little continues the colours at the edge, 1 begins from noise alone."
DRAWN, LEFT = "“Any” draws a class for each.", "“Any” leaves it to the picture."
SAMPLERS = (
    Option(value="dpm", label="DPM-Solver++ (2M)", help="Good pictures in 10 to 20 steps."),
    Option(value="ddim", label="DDIM", help="The classic short way; 20 to 50 steps."),
    Option(value="euler", label="Euler", help="Goes the way of DDIM; 20 to 50 steps."),
    Option(
        value="euler_ancestral",
        label="Euler ancestral",
        help="Adds fresh noise at each step, as DDPM does: livelier, and never settles.",
    ),
    Option(value="heun", label="Heun", help="Looks twice a step: exact, half as fast."),
    Option(value="ddpm", label="DDPM", help="The original: best from 100 steps on."),
)


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config: by prompt, by class, or by neither."""
    found = (
        _sample(config),
        _img2img(config),
        _inpaint(config),
        _outpaint(config),
        _variations(config),
        _interpolate(config),
    )
    return tuple(t.model_copy(update={"controls": (*t.controls, fast.SWITCH)}) for t in found)


def _sample(config: Mapping[str, Json]) -> Task:
    return Task(
        name="sample",
        title="New pictures",
        verb="Generate",
        help="Pictures made out of noise, step by step.",
        live=bool(config.get("distilled")),
        controls=(
            *_wish(config, "What the pictures should show."),
            asking.count(8, "How many to make. Each can be made again from its seed and number."),
            *_way(config),
            asking.seed(),
            *asking.variation(),
            *_fine(config),
        ),
    )


def _img2img(config: Mapping[str, Json]) -> Task:
    return Task(
        name="img2img",
        title="Change a picture",
        verb="Change",
        help="Noise goes over your picture and the model clears it up as it is asked.",
        compare_input="image",
        controls=(
            asking.picture(),
            *_wish(config, "What the picture should become.", LEFT),
            _strength(0.7).model_copy(update={"role": "noise"}),
            asking.count(4, "How many different ones to make.", high=64),
            *_way(config),
            asking.seed(),
            *_fine(config),
        ),
    )


def _inpaint(config: Mapping[str, Json]) -> Task:
    return Task(
        name="inpaint",
        title="Fill a region",
        verb="Fill",
        help="Paint over a part of a picture and let the model make it anew.",
        compare_input="image",
        controls=(
            asking.picture(),
            asking.region(),
            *_wish(config, "What the whole picture should show.", LEFT),
            asking.count(4, "How many different fillings to make.", high=64),
            Int(
                name="feather",
                label="Soft edge",
                default=2,
                low=0,
                high=16,
                unit="px",
                help="Over how many pixels inside the region old and new run into each other.",
            ),
            _strength(1.0, more=True),
            *_way(config),
            asking.seed(),
            *_fine(config),
            _passes(),
        ),
    )


def _outpaint(config: Mapping[str, Json]) -> Task:
    return Task(
        name="outpaint",
        title="Extend",
        verb="Extend",
        help="Go on beyond the edges of a picture. Its shorter side becomes the model's size. It "
        "does best with what the model's own pictures have at that edge.",
        controls=(
            asking.picture("It is scaled so that its shorter side has the model's size."),
            *_wish(config, "What the whole picture should show.", LEFT),
            *_margins(config),
            asking.count(2, "How many different ones to make.", high=16),
            _strength(0.7, more=True).model_copy(update={"help": _KEEPS}),
            *_way(config),
            asking.seed(),
            *_fine(config),
            _passes(),
        ),
    )


def _variations(config: Mapping[str, Json]) -> Task:
    amount, seed, number = asking.variation()
    return Task(
        name="variations",
        title="Variations",
        verb="Vary",
        help="Pictures close to one of yours, or to a picture of a seed.",
        controls=(
            ImageInput(
                name="image",
                label="Picture",
                required=False,
                help="What to vary; without it, the picture of the seed and number below.",
            ),
            *_wish(config, "What they should show; the words the picture was made with fit best."),
            amount.model_copy(
                update={
                    "default": 0.4,
                    "more": False,
                    "help": "How far to move away: 0 not at all, 1 entirely.",
                }
            ),
            asking.count(8, "How many to make.", high=64),
            *_way(config),
            asking.seed(),
            number.model_copy(
                update={
                    "label": "Picture number",
                    "default": 0,
                    "low": 0,
                    "help": "Which picture of the seed to vary where none is given.",
                }
            ),
            seed,
            *_fine(config),
        ),
    )


def _interpolate(config: Mapping[str, Json]) -> Task:
    return Task(
        name="interpolate",
        title="Morph",
        verb="Animate",
        help="A smooth walk past several pictures, as an animation.",
        output="animation",
        controls=(
            *_wish(config, "What the pictures show."),
            *_goal(config),
            asking.frames(24, 120),
            asking.stops(2, "Random pictures the walk passes."),
            *_way(config),
            asking.seed(),
            *asking.walk(),
            *_fine(config),
        ),
    )


def _wish(config: Mapping[str, Json], help_text: str, any_text: str = DRAWN) -> tuple[Control, ...]:
    """What the pictures should show: a prompt, a class, or nothing."""
    if config.get("condition") == "text":
        return asking.prompt(help_text), *(() if config.get("distilled") else (asking.negative(),))
    names = asking.class_names(config)
    return asking.drawn_class(names, f"{help_text} {any_text}")


def _goal(config: Mapping[str, Json]) -> tuple[Control, ...]:
    """What a walk turns into."""
    if config.get("condition") != "text":
        return asking.goal_class(asking.class_names(config))
    return (
        Text(
            name="prompt_to",
            label="Change into",
            placeholder="The same",
            help="A second prompt that the walk turns into gradually; empty: the prompt stays.",
        ),
    )


def _way(config: Mapping[str, Json]) -> tuple[Control, ...]:
    """Steps and guidance; a distilled model has learnt both."""
    if config.get("distilled"):
        return ()
    steps = Int(
        name="steps",
        label="Steps",
        default=STEPS,
        low=1,
        high=min(MOST_STEPS, _whole(config, "noise_steps", 1000)),
        help="Looks of the network at each picture; more is slower and finer, up to a point.",
    )
    if config.get("condition") in (None, "none"):
        return (steps,)
    return (
        steps,
        Float(
            name="guidance",
            label="Guidance",
            default=number(config, "guidance", 2.5),
            low=0.0,
            high=15.0,
            step=0.1,
            decimals=1,
            help="How closely to keep to what was asked; 1 is the model's own way, much is stiff.",
        ),
    )


def _fine(config: Mapping[str, Json]) -> tuple[Control, ...]:
    """The way through the noise, folded away."""
    if config.get("distilled"):
        return ()
    ways = (
        Choice(
            name="sampler",
            label="Sampler",
            default="dpm",
            more=True,
            options=SAMPLERS,
            help="How noise becomes a picture.",
        ),
        Choice(
            name="spacing",
            label="Spacing",
            default=EVEN,
            more=True,
            options=(
                Option(value=EVEN, label="Even"),
                Option(value=KARRAS, label="Karras", help="More steps where details appear."),
            ),
            help="Where along the way the steps lie.",
        ),
    )
    if config.get("condition") in (None, "none"):
        return ways
    return (
        *ways,
        Float(
            name="rescale",
            label="Guidance rescale",
            default=0.0,
            low=0.0,
            high=1.0,
            step=0.05,
            more=True,
            help="Takes back the glare that strong guidance brings; 0 leaves it, 0.7 is usual.",
        ),
        _share(
            "guidance_from",
            "Guidance from",
            number(config, "guidance_from", 0.0),
            "Share of the way at which guidance begins.",
        ),
        _share("guidance_until", "Guidance until", 1.0, "Share of the way at which it ends."),
    )


def _share(name: str, label: str, default: float, help_text: str) -> Float:
    return Float(
        name=name,
        label=label,
        default=default,
        low=0.0,
        high=1.0,
        step=0.05,
        more=True,
        help=f"{help_text} Without it in the noisiest part, pictures vary more.",
    )


def _strength(default: float, more: bool = False) -> Float:
    return Float(
        name="strength",
        label="Strength",
        default=default,
        low=0.0,
        high=1.0,
        step=0.05,
        more=more,
        help="How much of what was there gives way to noise: a little stays close to it, 1 keeps "
        "nothing.",
    )


def _margins(config: Mapping[str, Json]) -> tuple[Control, ...]:
    """How far to go on at each edge, in pixels of the model."""
    size = _whole(config, "size", 64)
    wide = max(8, size // 32 * 8)  # a quarter of the model's size, in whole steps
    sides = (("left", wide), ("right", wide), ("up", 0), ("down", 0))
    return tuple(
        Int(
            name=name,
            label=name.capitalize(),
            default=default,
            low=0,
            high=4 * size,
            step=8,
            unit="px",
            help=f"Pixels to add {'at the ' + name if index < 2 else name + 'wards'}.",
        )
        for index, (name, default) in enumerate(sides)
    )


def _passes() -> Int:
    return Int(
        name="passes",
        label="Passes",
        default=2,
        low=1,
        high=10,
        more=True,
        help="How often each step is gone again, so that old and new fit together better.",
    )


def number(config: Mapping[str, Json], key: str, default: float) -> float:
    """The number `key` of a config, `default` where it has none."""
    value = config.get(key)
    return float(value) if isinstance(value, (int, float)) else default


def _whole(config: Mapping[str, Json], key: str, default: int) -> int:
    value = config.get(key)
    return value if isinstance(value, int) and value > 0 else default
