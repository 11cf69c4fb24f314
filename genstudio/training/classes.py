"""Tables of a model that goes on with other classes or words.

A tensor that is as the parent's but for one axis, which has a row per class or word (after rows
that stand for something else, such as features), is rearranged along that axis: a name that the
parent knew keeps its row, a new one gets that of a name it is `like`, else the mean of all rows.
A mean start is closer to anything new than noise is: the other layers have only ever seen vectors
near it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from genstudio.training.objective import Networks


def match(
    networks: Networks,
    stored: Mapping[str, Tensor],
    old: Sequence[str],
    new: Sequence[str],
    like: Mapping[str, str] | None = None,
) -> dict[str, Tensor]:
    """The parent's tables by stored name, made to fit `new` classes or words; {} without any.

    As many as before with no common name go on in their order. `like`: the known name that a new
    one starts from.
    """
    if not old or not new or (len(old) == len(new) and not set(old) & set(new)):
        return {}
    if list(old) == list(new):
        return {}
    found = {}
    for network, module in networks.items():
        for name, value in module.state_dict().items():
            full = f"{network}.{name}"
            if full not in stored:
                continue
            axis = _class_axis(stored[full], value, len(old), len(new), name)
            if axis is not None:
                found[full] = rearranged(stored[full], axis, old, new, like)
    return found


def rearranged(
    table: Tensor,
    axis: int,
    old: Sequence[str],
    new: Sequence[str],
    like: Mapping[str, str] | None = None,
) -> Tensor:
    """`table` with rows for `new` in place of its last len(old) rows along `axis`; float32."""
    rest = table.shape[axis] - len(old)
    kept, rows = table.float().split([rest, len(old)], dim=axis)
    known = {name: number for number, name in enumerate(old)}
    known |= {name: known[base] for name, base in (like or {}).items() if name not in known}
    # Row len(old) is that of what nobody knows.
    rows = torch.cat([rows, rows.mean(dim=axis, keepdim=True)], dim=axis)
    chosen = torch.tensor([known.get(name, len(old)) for name in new], device=table.device)
    return torch.cat([kept, rows.index_select(axis, chosen)], dim=axis)


def _class_axis(before: Tensor, now: Tensor, old: int, new: int, name: str) -> int | None:
    """The axis with a row per class, or None where `before` is no class table."""
    if before.ndim != now.ndim or not before.is_floating_point():
        return None
    unlike = [axis for axis in range(now.ndim) if before.shape[axis] != now.shape[axis]]
    if len(unlike) == 1:
        axis = unlike[0]
        rest = before.shape[axis] - old
        return axis if rest >= 0 and now.shape[axis] - new == rest else None
    if unlike or old != new:
        return None
    # As many classes as before, in another order: only an axis of just that length is a table.
    exact = [axis for axis in range(now.ndim) if now.shape[axis] == new]
    return exact[0] if len(exact) == 1 else None
