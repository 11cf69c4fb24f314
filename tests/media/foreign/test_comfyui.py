"""Graphs of ComfyUI: from the saved picture up to the sampler, and along its inputs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genstudio.core.foreign import Foreign
from genstudio.media.foreign import comfyui
from genstudio.media.foreign.comfy_graph import MAX_NODES, from_api, from_editor
from tests.helpers.foreign import comfy, comfy_editor, node


def read(graph: dict[str, Any]) -> Foreign:
    found = comfyui.read({"prompt": json.dumps(graph)})
    assert found is not None
    return found


def test_the_graph_that_it_starts_with() -> None:
    found = read(comfy())
    assert found.prompt == "a castle on a hill"
    assert found.negative == "text, watermark"
    assert (found.seed, found.steps, found.guidance) == (156680208700286, 20, 8.0)
    assert (found.sampler, found.scheduler) == ("euler", "normal")
    assert (found.model, found.width, found.height) == ("v1-5-pruned", 512, 640)
    assert found.strength is None, "all of it was made anew"


def test_the_editors_form_says_the_same() -> None:
    from_workflow = comfyui.read({"workflow": json.dumps(comfy_editor())})
    assert from_workflow == read(comfy())


def test_links_of_the_editor_may_be_objects_and_inputs_may_name_their_values() -> None:
    flow = comfy_editor()
    flow["links"] = [
        {"id": link[0], "origin_id": link[1], "origin_slot": link[2]} for link in flow["links"]
    ]
    flow["nodes"][3] |= {
        "type": "MyEncode",
        "inputs": [{"name": "text", "widget": {"name": "text"}, "link": None}],
    }
    flow["nodes"][0]["widgets_values"][1] = True  # very old files
    found = comfyui.read({"workflow": json.dumps(flow)})
    assert found == read(comfy())


def test_values_of_the_editor_may_come_from_a_node_of_their_own() -> None:
    flow = comfy_editor()
    flow["nodes"][3]["inputs"].append({"name": "text", "widget": {"name": "text"}, "link": 20})
    flow["nodes"][3]["widgets_values"] = []
    flow["nodes"].append({"id": 30, "type": "PrimitiveNode", "widgets_values": ["a blue door"]})
    flow["nodes"].append({"id": 31, "type": "Preview", "mode": 2})
    flow["links"].append([20, 30, 0, 6, 0, "STRING"])
    found = comfyui.read({"workflow": json.dumps(flow)})
    assert found is not None
    assert found.prompt == "a blue door"


def test_a_second_pass_is_not_what_the_picture_began_with() -> None:
    graph = comfy()
    graph["20"] = node(
        "KSampler", seed=1, steps=5, cfg=1.0, sampler_name="lcm", denoise=0.4, positive=("6", 0),
        negative=("7", 0), latent_image=("3", 0), model=("4", 0),
    )  # fmt: skip
    graph["8"]["inputs"]["samples"] = ["20", 0]
    assert (read(graph).seed, read(graph).strength) == (156680208700286, None)
    graph["3"]["inputs"]["denoise"] = 0.8
    assert (read(graph).seed, read(graph).strength) == (1, 0.4), "else the nearest"


def test_the_first_half_of_base_and_refiner() -> None:
    graph = comfy()
    graph["3"] = node(
        "KSamplerAdvanced", noise_seed=5, steps=25, cfg=7, sampler_name="euler", start_at_step=0,
        end_at_step=20, positive=("6", 0), negative=("7", 0), latent_image=("5", 0),
        model=("4", 0),
    )  # fmt: skip
    graph["20"] = json.loads(json.dumps(graph["3"]))
    graph["20"]["inputs"] |= {"noise_seed": 0, "start_at_step": 20, "latent_image": ["3", 0]}
    graph["8"]["inputs"]["samples"] = ["20", 0]
    assert read(graph).seed == 5


def test_samplers_in_parts() -> None:
    graph = {
        "1": node(
            "SamplerCustomAdvanced", noise=("2", 0), guider=("3", 0), sampler=("4", 0),
            sigmas=("5", 0), latent_image=("6", 0),
        ),
        "2": node("RandomNoise", noise_seed=99),
        "3": node("BasicGuider", model=("7", 0), conditioning=("8", 0)),
        "4": node("KSamplerSelect", sampler_name="heun"),
        "5": node("BasicScheduler", scheduler="simple", steps=4, denoise=0.5, model=("7", 0)),
        "6": node("EmptySD3LatentImage", width=("12", 0), height=("12", 1)),
        "7": node("LoraLoaderModelOnly", lora_name="ink.safetensors", strength_model=0.8,
                  model=("11", 0)),
        "8": node("FluxGuidance", guidance=3.5, conditioning=("9", 0)),
        "9": node("CLIPTextEncodeFlux", clip_l="a door", t5xxl="a door", guidance=3.5,
                  clip=("11", 1)),
        "10": node("SaveImage", images=("1", 0)),
        "11": node("UNETLoader", unet_name="flux\\dev.gguf"),
        "12": node("Size", value=1024),
    }  # fmt: skip
    found = read(graph)
    assert (found.prompt, found.negative) == ("a door", "")
    assert (found.seed, found.steps, found.sampler) == (99, 4, "heun")
    assert (found.scheduler, found.strength) == ("simple", 0.5)
    assert (found.model, found.more) == ("dev", (("LoRA", "ink 0.8"),))
    assert (found.width, found.height) == (1024, 1024)
    graph["3"] = node("CFGGuider", cfg=6, model=("7", 0), positive=("8", 0), negative=("13", 0))
    graph["13"] = node("CLIPTextEncode", text="fog", clip=("11", 1))
    assert (read(graph).guidance, read(graph).negative) == (6.0, "fog")


@pytest.mark.parametrize(
    ("between", "prompt", "negative"),
    [
        ({"6": node("CLIPTextEncode", text=("30", 0)), "30": node("Text", string="from afar")},
         "from afar", "text, watermark"),
        ({"6": node("ConditioningCombine", conditioning_1=("30", 0), conditioning_2=("31", 0)),
          "30": node("CLIPTextEncode", text="one"), "31": node("CLIPTextEncode", text="two")},
         "one, two", "text, watermark"),
        ({"7": node("ConditioningZeroOut", conditioning=("6", 0))}, "a castle on a hill", ""),
        ({"6": node("CLIPTextEncodeSDXL", text_g="big", text_l="small", width=9, height=9)},
         "big, small", "text, watermark"),
        ({"6": node("Reroute", **{"": ("30", 0)}), "30": node("CLIPTextEncode", text="one")},
         "one", "text, watermark"),
    ],
)  # fmt: skip
def test_texts_are_followed(between: dict[str, Any], prompt: str, negative: str) -> None:
    found = read(comfy() | between)
    assert (found.prompt, found.negative) == (prompt, negative)


def test_a_node_with_both_texts_keeps_them_apart() -> None:
    graph = comfy()
    graph["40"] = node("ControlNetApplyAdvanced", positive=("6", 0), negative=("7", 0))
    graph["3"]["inputs"] |= {"positive": ["40", 0], "negative": ["40", 1]}
    assert (read(graph).prompt, read(graph).negative) == ("a castle on a hill", "text, watermark")
    graph["40"] = node("Efficient Loader", positive="a boat", negative="sea", ckpt_name="x.ckpt")
    assert (read(graph).prompt, read(graph).negative) == ("a boat", "sea")


def test_circles_and_dead_links_end() -> None:
    graph = comfy()
    graph["6"]["inputs"] = {"conditioning": ["6", 0], "text": ["6", 0]}
    graph["4"] = node("LoraLoader", model=("4", 0), lora_name="round")
    graph["5"] = node("Latent", samples=("5", 0), width=("404", 0), height=("5", 0))
    graph["3"]["inputs"]["seed"] = ["6", 0]
    found = read(graph)
    assert (found.prompt, found.seed, found.model) == ("", None, "")
    assert found.steps == 20


def test_graphs_without_a_sampler_are_named_and_say_nothing() -> None:
    found = read({"1": node("LoadImage", image="a.png")})
    assert (found.software, found.says_anything()) == ("ComfyUI", False)
    assert found.notes
    assert comfyui.read({"prompt": '{"a": 1}'}) is None


def test_graphs_are_read_up_to_a_size() -> None:
    graph = {str(i): node("Note") for i in range(MAX_NODES + 50)}
    assert len(from_api(graph)) == MAX_NODES
    flow = {"nodes": [{"id": i, "type": "Note"} for i in range(MAX_NODES + 50)]}
    assert len(from_editor(flow)) == MAX_NODES
