"""Class tables of a model that goes on with other classes."""

import pytest
import torch
from torch import nn

from genstudio.training import classes

OLD, NEW = ["a", "b", "c"], ["c", "x", "a", "y"]


def nets(count: int) -> dict[str, nn.Module]:
    """A table with rows, one behind other columns, a bias, and a layer without classes."""
    return {
        "net": nn.ModuleDict(
            {
                "embed": nn.Linear(count, 5, bias=False),
                "dense": nn.Linear(7 + count, 2),
                "head": nn.Linear(6, count),
                "plain": nn.Linear(4, 4),
            }
        )
    }


def stored(count: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return {f"net.{name}": value for name, value in nets(count)["net"].state_dict().items()}


def test_known_classes_keep_their_rows_and_new_ones_get_the_mean():
    parent = stored(3)
    found = classes.match(nets(4), parent, OLD, NEW)
    assert set(found) == {"net.embed.weight", "net.dense.weight", "net.head.weight",
                          "net.head.bias"}  # fmt: skip
    embed, before = found["net.embed.weight"], parent["net.embed.weight"]
    assert torch.equal(embed[:, 0], before[:, 2])
    assert torch.equal(embed[:, 2], before[:, 0])
    assert torch.allclose(embed[:, 1], before.mean(dim=1))
    assert torch.equal(embed[:, 1], embed[:, 3])
    dense = found["net.dense.weight"]
    assert torch.equal(dense[:, :7], parent["net.dense.weight"][:, :7])
    assert torch.equal(dense[:, 7], parent["net.dense.weight"][:, 9])
    assert torch.allclose(found["net.head.bias"][1], parent["net.head.bias"].mean())


def test_one_class_for_data_without_any():
    found = classes.match(nets(1), stored(3), OLD, ["mine"])
    assert torch.allclose(
        found["net.embed.weight"][:, 0], stored(3)["net.embed.weight"].mean(dim=1)
    )


def test_the_same_classes_in_another_order():
    parent = stored(3)
    found = classes.match(nets(3), parent, OLD, ["b", "c", "a"])
    assert torch.equal(found["net.embed.weight"][:, 0], parent["net.embed.weight"][:, 1])
    assert "net.plain.weight" not in found


@pytest.mark.parametrize(("old", "new"), [([], NEW), (OLD, []), (OLD, OLD), (OLD, ["x", "y", "z"])])
def test_where_nothing_is_rearranged(old: list[str], new: list[str]):
    assert classes.match(nets(len(new) or 3), stored(len(old) or 3), old, new) == {}


def test_what_is_no_class_table_is_left_alone():
    parent = stored(3)
    parent["net.plain.weight"] = torch.zeros(9, 4)
    parent["net.head.bias"] = torch.zeros(3, dtype=torch.int64)
    found = classes.match(nets(4), parent, OLD, NEW)
    assert "net.plain.weight" not in found
    assert "net.head.bias" not in found


def test_words_are_added_behind_the_known_ones_and_forms_start_from_their_word():
    """A table of words has rows for nothing and the start before them."""
    before = nn.Embedding(2 + 3, 4)
    known, new = ["hat", "red", "cat"], ["hat", "red", "cat", "hats", "dog"]
    parent = {"text.table.weight": before.weight.detach(), "text.place": torch.ones(5, 4)}
    net = nn.ModuleDict({"table": nn.Embedding(2 + 5, 4)})
    net.register_parameter("place", nn.Parameter(torch.zeros(5, 4)))
    found = classes.match({"text": net}, parent, known, new, {"hats": "hat"})
    assert set(found) == {"text.table.weight"}
    table = found["text.table.weight"]
    assert torch.equal(table[:5], before.weight)
    assert torch.equal(table[5], before.weight[2])
    assert torch.allclose(table[6], before.weight[2:].mean(dim=0))


def test_half_precision_is_averaged_in_single():
    table = torch.full((4, 3), 60_000.0).half()
    found = classes.rearranged(table, 1, OLD, NEW)
    assert found.dtype == torch.float32
    assert torch.isfinite(found).all()
