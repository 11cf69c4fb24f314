"""ComfyUI's graphs: the API form (`prompt`) and the editor's form (`workflow`), made one.

Both are JSON; nodes are looked at and never run. Links that lead nowhere or in circles are fine:
who follows them keeps what was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from genstudio.core.stored import Json
from genstudio.media.foreign.values import inner, items

MAX_NODES = 5_000
_MUTED, _BYPASSED = 2, 4
_SEEDS = ("seed", "noise_seed")
_AFTER_SEED = ("fixed", "increment", "decrement", "randomize")
# What the editor's values mean, in their order, for nodes whose inputs do not name them.
_WIDGETS: dict[str, tuple[str, ...]] = {
    "KSampler": ("seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise", "noise_seed", "steps", "cfg", "sampler_name", "scheduler", "start_at_step",
        "end_at_step",
    ),
    "CLIPTextEncode": ("text",),
    "CheckpointLoader": ("config_name", "ckpt_name"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "RandomNoise": ("noise_seed",),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "FluxGuidance": ("guidance",),
    "PrimitiveNode": ("value",),
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """Output `slot` of node `node`."""

    node: str
    slot: int


@dataclass(frozen=True)
class Node:
    """One node: its `kind`, its inputs as values or links."""

    kind: str
    values: dict[str, Json] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)


Graph = dict[str, Node]


def from_api(value: Mapping[str, Json]) -> Graph:
    """The graph of the API form: {id: {"class_type": …, "inputs": {name: value or [id, slot]}}}."""
    graph: Graph = {}
    for name, entry in value.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("class_type"), str):
            continue
        node = Node(str(entry["class_type"])[:100])
        for key, item in inner(entry, "inputs").items():
            link = _link(item)
            if link is not None:
                node.links[key] = link
            else:
                node.values[key] = item
        graph[name] = node
        if len(graph) >= MAX_NODES:
            break
    return graph


def from_editor(value: Mapping[str, Json]) -> Graph:
    """The graph of the editor's form: nodes with values in order, and a list of links."""
    sources = dict(_sources(value.get("links")))
    graph: Graph = {}
    for entry in items(value.get("nodes"), MAX_NODES):
        if not isinstance(entry, dict) or entry.get("mode") == _MUTED:
            continue
        kind = str(entry.get("type") or "")[:100]
        node = Node("bypassed" if entry.get("mode") == _BYPASSED else kind)
        for slot in items(entry.get("inputs")):
            link = sources.get(_id(slot.get("link"))) if isinstance(slot, dict) else None
            if link is not None and isinstance(slot, dict):
                node.links[str(slot.get("name"))] = link
        node.values.update(_named_values(kind, entry))
        graph[_id(entry.get("id"))] = node
    return graph


def _sources(links: Json) -> Iterator[tuple[str, Link]]:
    """(id of a link, where it comes from), for both ways in which links are written."""
    for entry in items(links, MAX_NODES * 4):
        if isinstance(entry, list) and len(entry) >= 3:
            link = _link([_id(entry[1]), entry[2]])
            if link is not None:
                yield _id(entry[0]), link
        elif isinstance(entry, dict):
            link = _link([_id(entry.get("origin_id")), entry.get("origin_slot")])
            if link is not None:
                yield _id(entry.get("id")), link


def _named_values(kind: str, entry: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """The editor's values of a node by name; values whose name is unknown are left out."""
    found = entry.get("widgets_values")
    if isinstance(found, dict):
        yield from found.items()
        return
    names = list(_WIDGETS.get(kind, ())) or [
        str(inner(slot, "widget").get("name"))
        for slot in items(entry.get("inputs"))
        if isinstance(slot, dict) and isinstance(slot.get("widget"), dict)
    ]
    values = iter(items(found))
    previous = ""
    for value in values:
        if previous in _SEEDS and (isinstance(value, bool) or value in _AFTER_SEED):
            previous = ""
            continue
        if not names:
            return
        previous = names.pop(0)
        yield previous, value


def _link(item: Json) -> Link | None:
    if not isinstance(item, list) or len(item) != 2:
        return None
    name, slot = item
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        return None
    return Link(_id(name), slot) if isinstance(slot, int) and not isinstance(slot, bool) else None


def _id(value: Json) -> str:
    return str(value)[:100] if isinstance(value, (str, int)) else ""
