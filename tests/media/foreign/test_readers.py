"""What each program writes, brought to one form; damage and malice give nothing, never an error."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from PIL import Image

from genstudio.core.foreign import Foreign
from genstudio.media import containers, provenance
from genstudio.media.foreign import readers
from genstudio.media.foreign.values import MAX_DEPTH, load_json
from tests.helpers import foreign
from tests.helpers.making import picture, saved


def read(texts: dict[str, str]) -> Foreign:
    found = readers.read(texts)
    assert found is not None
    return found


def test_webui() -> None:
    found = read(foreign.TEXTS["webui"])
    assert found.software == "A1111-style v1.10.1"
    assert found.prompt == "a (blue-haired:1.2) woman, {round|square} glasses"
    assert found.negative == "hat, blurry"
    assert (found.seed, found.steps, found.guidance) == (1234567, 12, 4.5)
    assert (found.sampler, found.scheduler, found.strength) == ("DPM++ 2M", "Karras", 0.6)
    assert (found.model, found.width, found.height) == ("avatars", 64, 48)
    assert dict(found.more) == {"Model hash": "abcdef0123", "Lora hashes": "one: aa, two: bb"}


def test_pictures_that_passed_a_site_which_kept_only_the_text_are_still_ours() -> None:
    text = "Steps: 1, Seed: 2, Size: 3x4, Version: GenStudio 0.4"
    assert read({"comment": text}).software == "GenStudio 0.4"


def test_invokeai_of_today() -> None:
    found = read(foreign.TEXTS["invoke"])
    assert found.software == "InvokeAI 5.4.2"
    assert (found.prompt, found.negative) == ("a cat with a hat", "dog")
    assert (found.seed, found.steps, found.guidance) == (3293022630, 35, 8.0)
    assert (found.sampler, found.model) == ("euler_k", "juggernaut")
    assert (found.width, found.height) == (1024, 768)
    assert found.more == (("Mode", "sdxl_txt2img"), ("LoRA", "ink 0.75"))


@pytest.mark.parametrize("model", ["juggernaut", {"model_name": "juggernaut"}])
def test_invokeai_names_models_in_several_ways(model: Any) -> None:
    text = json.dumps({**foreign.INVOKE, "model": model})
    assert read({"invokeai_metadata": text}).model == "juggernaut"


def test_invokeai_of_old() -> None:
    second, first = read(foreign.TEXTS["sd-metadata"]), read(foreign.TEXTS["dream"])
    assert second.software == "InvokeAI 2.3.0"
    assert second.prompt.startswith("a cat")
    assert second.negative == "bird"
    assert (second.model, second.sampler, second.width) == ("deliberate", "k_lms", 512)
    assert (first.prompt, first.negative) == ('a \\"big\\" cat', "dog")
    assert (first.steps, first.seed, first.guidance) == (50, 42, 7.5)
    assert (first.width, first.height, first.sampler) == (512, 768, "k_lms")


def test_a_dream_without_quotes() -> None:
    found = read({"Dream": "a red cat -s20 -S7"})
    assert (found.prompt, found.steps, found.seed) == ("a red cat", 20, 7)


def test_fooocus() -> None:
    found = read(foreign.TEXTS["fooocus"])
    assert found.software == "Fooocus v2.5.3"
    assert (found.prompt, found.negative) == ("a smiling goldfish", "shark")
    assert (found.seed, found.steps, found.guidance) == (6952411511246973023, 30, 4.0)
    assert (found.width, found.height) == (768, 1280)
    labels = dict(found.more)
    assert labels["LoRA"] == "offset : 0.1"
    assert "Refiner" not in labels, "“None” is nothing"


def test_fooocus_without_its_scheme_is_known_by_its_names() -> None:
    labels = {"Prompt": "fish", "Base Model": "x.safetensors", "Guidance Scale": 4}
    found = read({"parameters": json.dumps(labels)})
    assert (found.software, found.prompt, found.model) == ("Fooocus", "fish", "x")
    assert readers.read({"parameters": '{"prompt": "fish"}'}) is None


def test_fooocus_in_the_form_of_webui_tells_what_was_typed() -> None:
    text = (
        "fish, cinematic still, masterpiece\nNegative prompt: shark, anime\nSteps: 30, "
        "Sampler: DPM++ 2M SDE Karras, Seed: 5, Size: 8x9, CFG scale: 4, Model: jug, "
        "Raw prompt: fish, Raw negative prompt: shark, Version: Fooocus v2.5.3"
    )
    found = read({"parameters": text, "fooocus_scheme": "a1111"})
    assert (found.software, found.prompt, found.negative) == ("Fooocus v2.5.3", "fish", "shark")
    broken = read({"parameters": "fish", "fooocus_scheme": "a1111"})
    assert (broken.software, broken.says_anything()) == ("Fooocus", False)
    assert broken.notes


def test_fooocus_jpeg_holds_its_entries_beside_their_place() -> None:
    block = Image.Exif()
    block[0x9286] = json.dumps(foreign.FOOOCUS)
    block[0x0131] = "Fooocus v2.5.3"
    block[0x927C] = "fooocus"
    for kind in ("JPEG", "WEBP"):
        found = provenance.read(saved(Image.fromarray(picture()), kind, exif=block))
        assert found.settings is not None
        assert found.settings.prompt == "a smiling goldfish"
        assert found.software == "Fooocus v2.5.3"


def test_novelai() -> None:
    found = read(foreign.TEXTS["novelai"])
    assert (found.software, found.prompt, found.negative) == ("NovelAI", "a cat in space", "lowres")
    assert (found.guidance, found.model, found.height) == (5.0, "NAI 4", 1216)
    caption = {"base_caption": "two cats", "char_captions": [{"char_caption": "grey"}, 3]}
    text = json.dumps({**foreign.NOVEL, "v4_prompt": {"caption": caption}})
    found = read({"Software": "NovelAI", "Comment": text})
    assert (found.prompt, dict(found.more)["Character"]) == ("two cats", "grey")


def test_a_text_that_is_there_already_is_preferred_to_a_graph() -> None:
    both = read({**foreign.TEXTS["comfy"], **foreign.TEXTS["webui"]})
    assert both.seed == 1234567


def test_pictures_without_settings_have_none() -> None:
    assert readers.read({}) is None
    assert readers.read({"Comment": "made by hand", "Software": "GIMP", "prompt": "hello"}) is None
    assert provenance.read(foreign.png({"Software": "GIMP"})).software == "GIMP"


# ---- what is described, and how much


@pytest.mark.parametrize("name", foreign.TEXTS)
def test_every_kind_is_described_in_plain_json(name: str) -> None:
    found = provenance.read(foreign.png(foreign.TEXTS[name]))
    said = json.loads(json.dumps(provenance.describe(found)))
    assert Foreign.model_validate(said["settings"]) == found.settings
    assert found.settings is not None
    assert found.settings.facts()[0][0] == "Prompt"


def test_large_graphs_are_read_and_not_told_in_full() -> None:
    graph = foreign.comfy() | {f"x{i}": foreign.node("Note", text="n" * 2000) for i in range(300)}
    said = provenance.describe(provenance.read(foreign.png({"prompt": json.dumps(graph)})))
    assert isinstance(said["settings"], dict)
    assert said["settings"]["prompt"] == "a castle on a hill"
    assert said["foreign"] == {}


def test_too_large_texts_are_left_out_and_said_so() -> None:
    graph = foreign.comfy() | {"x": foreign.node("Note", text="n" * containers.MAX_TEXT)}
    found = provenance.read(foreign.png({"prompt": json.dumps(graph)}))
    assert found.settings is None
    assert "too large" in found.notes[0]


def test_long_prompts_and_many_entries_are_bounded() -> None:
    words = ", ".join(f"Key {i}: value{i}" for i in range(500))
    text = "x" * 100_000 + f"\nSteps: 1, Seed: 2, Size: 3x4, {words}"
    found = read({"parameters": text})
    assert len(found.prompt) == 20_000
    assert found.prompt.endswith("…")
    assert len(found.more) == 40


@pytest.mark.parametrize(
    "text",
    ["", "{", "nothing", '{"a": NaN}', '{"a": 1e999}', "[" * 100_000, '{"a": %s}' % ("9" * 5000),
     "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)],
    ids=range(8),
)  # fmt: skip
def test_json_that_is_not_taken(text: str) -> None:
    assert load_json(text) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("seed", -1), ("seed", 2**64), ("seed", True), ("seed", "9" * 30), ("steps", 1.5),
     ("steps", None), ("cfg_scale", "1e300"), ("cfg_scale", [8]), ("width", 0),
     ("positive_prompt", {"a": 1}), ("scheduler", False), ("model", {"name": {"name": []}})],
)  # fmt: skip
def test_values_that_make_no_sense_are_left_out(field: str, value: Any) -> None:
    whole = read({"invokeai_metadata": json.dumps(foreign.INVOKE)})
    found = read({"invokeai_metadata": json.dumps({**foreign.INVOKE, field: value})})
    lost = dict(whole.facts()).keys() - dict(found.facts()).keys()
    assert len(lost) == 1


def test_text_cannot_steer_a_terminal_or_break_a_line() -> None:
    text = json.dumps({**foreign.INVOKE, "positive_prompt": "a\x1b[31m\x00b\ud800\nc"})
    prompt = read({"invokeai_metadata": text}).prompt
    assert prompt == "a [31m b?\nc"
    assert prompt.encode()


# ---- fuzz


def _spoiled(value: Any, dice: random.Random) -> Any:
    """A JSON value with some of its parts replaced by what nobody expects there."""
    if dice.random() < 0.06:
        return dice.choice(
            [None, True, -1, 1e30, "", "x" * 50, [], {}, ["3", 0], [3, -5], ["3", "0"], [["3", 0]],
             {"class_type": 7}, "\ud800", ["9", 0, 0], 2**70]
        )  # fmt: skip
    if isinstance(value, dict):
        return {dice.choice([k, k, k, k, k, k, "3"]): _spoiled(v, dice) for k, v in value.items()}
    if isinstance(value, list):
        return [_spoiled(item, dice) for item in value]
    return value


@pytest.mark.parametrize("name", foreign.TEXTS)
def test_spoiled_entries_give_settings_or_none(name: str) -> None:
    dice = random.Random(name)
    for _ in range(150):
        texts = {}
        for key, text in foreign.TEXTS[name].items():
            value = load_json(text)
            made = json.dumps(_spoiled(value, dice)) if value is not None else text
            cut = dice.randrange(len(made)) if dice.random() < 0.3 else len(made)
            texts[key] = made[:cut] + dice.choice(["", "", "\x00", "]}", "é", '"'])
        found = readers.read(texts)
        if found is not None:
            assert Foreign.model_validate_json(found.model_dump_json()) == found
