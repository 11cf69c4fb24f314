"""Pictures as other programs write them: the texts beside the pixels are what counts."""

from __future__ import annotations

import json
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.helpers.making import picture, saved

WEBUI = (
    "a (blue-haired:1.2) woman, {round|square} glasses\n"
    "Negative prompt: hat, blurry\n"
    "Steps: 12, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 4.5, Seed: 1234567, "
    "Size: 64x48, Model hash: abcdef0123, Model: avatars, Denoising strength: 0.6, "
    'Lora hashes: "one: aa, two: bb", Version: v1.10.1'
)
INVOKE: dict[str, Any] = {
    "app_version": "5.4.2",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a cat with a hat",
    "negative_prompt": "dog",
    "seed": 3293022630,
    "steps": 35,
    "cfg_scale": 8.0,
    "scheduler": "euler_k",
    "model": {"key": "1-2", "name": "juggernaut", "base": "sdxl"},
    "loras": [{"model": {"name": "ink"}, "weight": 0.75}],
    "width": 1024,
    "height": 768,
}
FOOOCUS: dict[str, Any] = {
    "prompt": "a smiling goldfish",
    "negative_prompt": "shark",
    "styles": "['Fooocus V2']",
    "performance": "Speed",
    "steps": 30,
    "resolution": "(768, 1280)",
    "guidance_scale": 4.0,
    "base_model": "juggernautXL_v8",
    "refiner_model": "None",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "6952411511246973023",
    "lora_combined_1": "offset : 0.1",
    "version": "Fooocus v2.5.3",
}
NOVEL: dict[str, Any] = {
    "prompt": "a cat in space",
    "uc": "lowres",
    "steps": 28,
    "scale": 5.0,
    "seed": 77,
    "sampler": "k_euler_ancestral",
    "width": 832,
    "height": 1216,
}


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    """A node of ComfyUI's API form; a tuple (id, slot) is a link."""
    linked = {k: list(v) if isinstance(v, tuple) else v for k, v in inputs.items()}
    return {"class_type": kind, "inputs": linked}


def comfy() -> dict[str, Any]:
    """The graph that ComfyUI starts with, as `prompt` holds it."""
    return {
        "3": node(
            "KSampler", seed=156680208700286, steps=20, cfg=8.0, sampler_name="euler",
            scheduler="normal", denoise=1.0, model=("4", 0), positive=("6", 0), negative=("7", 0),
            latent_image=("5", 0),
        ),
        "4": node("CheckpointLoaderSimple", ckpt_name="sd/v1-5-pruned.safetensors"),
        "5": node("EmptyLatentImage", width=512, height=640, batch_size=1),
        "6": node("CLIPTextEncode", text="a castle on a hill", clip=("4", 1)),
        "7": node("CLIPTextEncode", text="text, watermark", clip=("4", 1)),
        "8": node("VAEDecode", samples=("3", 0), vae=("4", 2)),
        "9": node("SaveImage", filename_prefix="ComfyUI", images=("8", 0)),
    }  # fmt: skip


def comfy_editor() -> dict[str, Any]:
    """The same in the editor's form, as `workflow` holds it."""
    nodes: list[dict[str, Any]] = [
        {"id": 3, "type": "KSampler", "mode": 0,
         "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 2},
                    {"name": "negative", "link": 3}, {"name": "latent_image", "link": 4}],
         "widgets_values": [156680208700286, "randomize", 20, 8, "euler", "normal", 1]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5-pruned.ckpt"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 640, 1]},
        {"id": 6, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 9}],
         "widgets_values": ["a castle on a hill"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["text, watermark"]},
        {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 5}]},
    ]  # fmt: skip
    links = [
        [1, 4, 0, 3, 0, "MODEL"], [2, 6, 0, 3, 1, "CONDITIONING"], [3, 7, 0, 3, 2, "CONDITIONING"],
        [4, 5, 0, 3, 3, "LATENT"], [5, 3, 0, 9, 0, "IMAGE"], [9, 4, 1, 6, 0, "CLIP"],
    ]  # fmt: skip
    return {"nodes": nodes, "links": links, "version": 0.4}


TEXTS: dict[str, dict[str, str]] = {
    "webui": {"parameters": WEBUI},
    "comfy": {"prompt": json.dumps(comfy()), "workflow": json.dumps(comfy_editor())},
    "editor": {"workflow": json.dumps(comfy_editor())},
    "invoke": {"invokeai_metadata": json.dumps(INVOKE), "invokeai_graph": '{"nodes": {}}'},
    "sd-metadata": {
        "sd-metadata": json.dumps(
            {
                "model_weights": "deliberate", "model_hash": "56d1", "app_version": "2.3.0",
                "image": {"prompt": [{"prompt": "a cat [dog, [bird] ]", "weight": 1}], "steps": 50,
                          "cfg_scale": 7.5, "seed": 42, "width": 512, "height": 512,
                          "sampler": "k_lms", "type": "txt2img"},
            }
        ),
    },
    "dream": {"Dream": '"a \\"big\\" cat [dog]" -s 50 -S 42 -W512 -H 768 -C 7.5 -A k_lms'},
    "fooocus": {"parameters": json.dumps(FOOOCUS), "fooocus_scheme": "fooocus"},
    "novelai": {"Software": "NovelAI", "Source": "NAI 4", "Comment": json.dumps(NOVEL)},
}  # fmt: skip


def png(texts: dict[str, str]) -> bytes:
    """A small PNG with these texts."""
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    return saved(Image.fromarray(picture()), pnginfo=info)
