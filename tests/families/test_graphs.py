"""What `to_onnx` hands out: graphs that run on their own example inputs at any batch size."""

import pytest
import torch

from genstudio import families
from genstudio.core import controls
from genstudio.core.dataset import DataFacts

NAMES = tuple(n for n in families.names() if families.family(n).data_kind == "image")


def specs(name: str, classes: tuple[str, ...]) -> tuple[list, dict]:
    """The graphs of the tiny preset for data with these classes, and its config.

    A family that reads captions where there are any gets them where there are no classes.
    """
    family = families.family(name)
    said = family.needs_captions or (family.captions and not classes)
    known = DataFacts(count=9, size=28, channels=3, classes=classes, captions=said)
    facts = {**known.model_dump(mode="json"), "words": ["bright", "shape"] if said else []}
    options = controls.check_values(family.options, family.preset("tiny").options)
    config = family.config(options, facts)
    torch.manual_seed(0)
    networks = families.part(name, "objective").make(config, options).networks
    for network in networks.values():
        network.eval()
    return families.part(name, "to_onnx").graphs(networks, config), config


CASES = [(n, ("a", "b", "c")) for n in NAMES]
CASES += [(n, ()) for n in NAMES if not families.family(n).needs_classes]


@pytest.mark.parametrize(("name", "classes"), CASES)
def test_every_graph_takes_its_examples(name: str, classes: tuple[str, ...]):
    family, (found, config) = families.family(name), specs(name, classes)
    assert len({spec.name for spec in found}) == len(found) > 0
    for spec in found:
        for count in (1, 2, 5):
            feeds = spec.example(count)
            assert {len(value) for value in feeds.values()} == {count}
            if family.modality == "judge":
                assert "label" not in feeds, "it is to find that out"
            else:
                wish = {"label", "tokens", "pooled"} & feeds.keys()
                assert bool(wish) == bool(classes or family.captions)
            with torch.no_grad():
                made = spec.module(*feeds.values())
            made = made if isinstance(made, tuple) else (made,)
            assert len(made) == len(spec.outputs)
            for output, values in zip(spec.outputs, made, strict=True):
                assert len(values) == count
                assert torch.isfinite(values).all()
                if output == "image":
                    side = config["size"]
                    assert values.shape[1:] == (config["channels"], side, side)
                    assert values.abs().max() <= 1
