"""ComfyUI: the settings are scattered over a graph, so it is walked from its end (USERS.md 4.2).

From what saves the picture upwards to the sampler that drew it from noise, and from there along
its inputs to texts, seed, model and size. Nodes are known by the names of their inputs rather
than by their own, so that most nodes of others are understood too.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.media.foreign.comfy_graph import Graph, Link, Node, from_api, from_editor
from genstudio.media.foreign.values import load_object, number, settings, stem, words

NAME = "ComfyUI"
MAX_STEPS = 400
"""So many nodes are visited at most in one walk."""
_TEXTS = (
    "text", "text_g", "text_l", "clip_l", "t5xxl", "prompt", "string", "string_a", "string_b",
    "value", "populated_text", "wildcard_text", "Text", "text_a", "text_b", "text_c", "text1",
    "text2", "text_positive", "positive_prompt",
)  # fmt: skip
_NEGATIVE_TEXTS = ("text_negative", "negative_prompt")
_NUMBERS = ("value", "seed", "noise_seed", "int", "float", "number", "Number", "a")
_MODELS = ("ckpt_name", "unet_name", "model_name", "gguf_name", "base_ckpt_name")
_NO_TEXT = re.compile("clip|model|vae|control_net|image|mask|latent|pixels|samples")
_ENDS = ("save", "preview", "")
_FULL = 0.99


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The settings of the graph that made the picture, else of the one in the editor."""
    made, drawn = load_object(texts.get("prompt", "")), load_object(texts.get("workflow", ""))
    if not made and not drawn:
        return None
    for graph in (from_api(made), from_editor(drawn)):
        found = _of_graph(graph)
        if found is not None:
            return found
    if "nodes" in drawn or any(isinstance(entry, dict) for entry in made.values()):
        return settings(NAME, notes=["no sampler was found in the graph"])
    return None


def _of_graph(graph: Graph) -> Foreign | None:
    sampler = _sampler(graph)
    if sampler is None:
        return None
    # A sampler of the newer kind has its settings in nodes of their own.
    guider = _behind(graph, sampler, "guider") or sampler
    sigmas = _behind(graph, sampler, "sigmas")
    nodes = [sampler, guider, *([sigmas] if sigmas else []), *_some(graph, sampler)]
    negative = ", ".join(_texts(graph, guider, "negative"))
    loras, model = _model(graph, guider)
    return settings(
        NAME,
        prompt=", ".join(_texts(graph, guider, "positive")),
        negative=negative,
        seed=_first(graph, nodes, ("seed", "noise_seed")),
        steps=_first(graph, nodes, ("steps",)),
        guidance=_first(graph, nodes, ("cfg", "guidance")),
        sampler=_first(graph, nodes, ("sampler_name", "sampler")),
        scheduler=_first(graph, nodes, ("scheduler",)),
        strength=_strength(graph, nodes),
        model=model,
        size=_size(graph, sampler),
        more=[("LoRA", lora) for lora in loras],
    )


# ---- which sampler


def _sampler(graph: Graph) -> Node | None:
    """The sampler nearest to the saved picture that starts from pure noise, else the nearest.

    Later passes (details, refiner, enlargement) change a part of what is there already.
    """
    used = {link.node for node in graph.values() for link in node.links.values()}
    ends = [name for name in graph if name not in used]
    for word in _ENDS:
        starts = [name for name in ends if word in graph[name].kind.lower()]
        found = [node for node in _upwards(graph, starts) if _is_sampler(node)]
        if found:
            return next((node for node in found if _is_whole(graph, node)), found[0])
    return next((node for node in graph.values() if _is_sampler(node)), None)


def _is_sampler(node: Node) -> bool:
    names = node.values.keys() | node.links.keys()
    if "positive" in names and "steps" in names:
        return True
    return "latent_image" in names and bool({"guider", "positive", "sigmas"} & names)


def _is_whole(graph: Graph, node: Node) -> bool:
    sigmas = _behind(graph, node, "sigmas")
    strength = number(_first(graph, [node, *([sigmas] if sigmas else [])], ("denoise",)))
    start = number(_first(graph, [node], ("start_at_step",)))
    return (strength is None or strength >= _FULL) and not start


def _upwards(graph: Graph, starts: Iterable[str]) -> Iterator[Node]:
    """Nodes from `starts` against the links, the nearest first."""
    waiting, seen = deque(starts), set(starts)
    while waiting:
        node = graph[waiting.popleft()]
        yield node
        for link in node.links.values():
            if link.node in graph and link.node not in seen:
                seen.add(link.node)
                waiting.append(link.node)


# ---- what its inputs say


def _behind(graph: Graph, node: Node, name: str) -> Node | None:
    """The node at input `name` of `node`, past those that only pass the same thing on."""
    for _ in range(MAX_STEPS):
        link = node.links.get(name)
        if link is None or link.node not in graph:
            return None
        node = graph[link.node]
        if name not in node.links or node.values:
            return node
    return None


def _some(graph: Graph, sampler: Node) -> list[Node]:
    """The small nodes that newer samplers are fed from."""
    found = [_behind(graph, sampler, name) for name in ("noise", "sampler")]
    return [node for node in found if node is not None]


def _first(graph: Graph, nodes: Sequence[Node], names: Sequence[str]) -> Json:
    """The first plain value under one of `names`, links to numbers and texts followed."""
    for node in nodes:
        for name in names:
            if name in node.values and not isinstance(node.values[name], (dict, list)):
                return node.values[name]
            found = _scalar(graph, node.links.get(name), (name, *_NUMBERS, *_TEXTS))
            if found is not None:
                return found
    return None


def _scalar(graph: Graph, link: Link | None, names: Sequence[str]) -> Json:
    """The value that a link brings, past nodes that pass it on."""
    for _ in range(MAX_STEPS):
        if link is None or link.node not in graph:
            return None
        node = graph[link.node]
        value = next((node.values[name] for name in names if name in node.values), None)
        if value is not None and not isinstance(value, (dict, list)):
            return value
        link = next((node.links[name] for name in names if name in node.links), None) or (
            next(iter(node.links.values())) if len(node.links) == 1 else None
        )
    return None


def _strength(graph: Graph, nodes: Sequence[Node]) -> float | None:
    """Below 1 only where an input picture was kept in part."""
    found = number(_first(graph, nodes, ("denoise",)))
    return found if found is not None and 0 <= found < _FULL else None


def _texts(graph: Graph, node: Node, role: str) -> list[str]:
    """The texts that reach input `role` of `node`, each once."""
    walk = _TextWalk(graph, role)
    walk.enter(node)
    return list(dict.fromkeys(text for text in walk.found if text))


class _TextWalk:
    """Follows a conditioning to its texts; `role` says which of two that share nodes is meant."""

    def __init__(self, graph: Graph, role: str) -> None:
        self._graph, self._role = graph, role
        self._seen: set[int] = set()
        self.found: list[str] = []

    def enter(self, node: Node) -> None:
        """Gather the texts of `node` and of what leads to it."""
        waiting = [node]
        while waiting and len(self._seen) < MAX_STEPS:
            node = waiting.pop()
            if id(node) in self._seen or "zeroout" in node.kind.lower():
                continue
            self._seen.add(id(node))
            links = self._own(node)
            waiting += [self._graph[link.node] for link in reversed(links) if self._has(link)]

    def _has(self, link: Link) -> bool:
        return link.node in self._graph

    def _own(self, node: Node) -> list[Link]:
        """Keep the texts of one node; the links to go on with."""
        if self._role in node.values:
            self.found.append(words(node.values[self._role], 20_000))
            return []
        if self._role in node.links:
            return [node.links[self._role]]
        if "positive" in node.links or "guider" in node.links:
            return []  # a sampler without this role: nothing was said for it
        names = _NEGATIVE_TEXTS if self._role == "negative" else ()
        mine = [name for name in names if name in node.values] or [
            name for name in _TEXTS if isinstance(node.values.get(name), str)
        ]
        self.found += [words(node.values[name], 20_000) for name in mine]
        linked = [node.links[name] for name in _TEXTS if name in node.links]
        if mine or linked:
            return linked
        if "conditioning" in node.links and self._role == "negative" and not self.found:
            # A guider with one conditioning has no negative; other nodes pass theirs on.
            return [] if "model" in node.links else [node.links["conditioning"]]
        return [link for name, link in node.links.items() if not _NO_TEXT.match(name)]


def _model(graph: Graph, node: Node) -> tuple[list[str], Json]:
    """(LoRAs with their strengths, the name of the model at the end of the `model` links)."""
    loras: list[str] = []
    for _ in range(MAX_STEPS):
        found = next((node.values[name] for name in _MODELS if name in node.values), None)
        if found is not None:
            return loras, found
        lora = words(node.values.get("lora_name"))
        if lora:
            loras.append(f"{stem(lora)} {words(node.values.get('strength_model'))}".strip())
        link = node.links.get("model") or next(
            (node.links[name] for name in ("basic_pipe", "pipe", "*", "") if name in node.links),
            None,
        )
        if link is None or link.node not in graph or len(loras) > 20:
            return loras, ""
        node = graph[link.node]
    return loras, ""


def _size(graph: Graph, sampler: Node) -> tuple[Json, Json]:
    """Width and height of the first node up the latents that has both as numbers."""
    link = sampler.links.get("latent_image") or sampler.links.get("latent")
    for node in _upwards(graph, [link.node] if link and link.node in graph else []):
        width, height = (_first(graph, [node], (name,)) for name in ("width", "height"))
        if number(width) and number(height):
            return width, height
    return None, None
