"""Which rule turns gradients into steps: AdamW for everything, or Muon for the matrices.

- Loshchilov, Hutter 2019: AdamW, decay apart from the gradient.
- Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks": the momentum of
  a matrix is replaced by the nearest orthogonal matrix, so that rare directions move, too; five
  steps of a quintic Newton-Schulz iteration find it. Embeddings, norms, biases and kernels of
  convolutions stay with AdamW.
- Liu et al. 2025, "Muon is scalable for LLM training" (section 2.2): a step of Muon is made as
  long as one of AdamW, so that both live with one learning rate and one decay.

torch.optim.Muon iterates in bfloat16, which a CPU without it computes ten times slower.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.recipe import TrainerSettings

MOMENTUM = 0.95
QUINTIC = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
LIKE_ADAM = 0.2
"""Root mean square of a usual step of AdamW, in learning rates."""


def optimiser(networks: Iterable[nn.Module], settings: TrainerSettings) -> torch.optim.Optimizer:
    """What moves the parameters of `networks`; norms and biases (one dimension) do not decay."""
    muon = settings.optimizer == "muon"
    groups = (_kinds if muon else _decaying)(list(networks), settings.weight_decay)
    return (Muon if muon else torch.optim.AdamW)(
        [group for group in groups if group["params"]],
        lr=settings.learning_rate,
        betas=(settings.beta1, settings.beta2),
        fused=True,
    )


class Muon(torch.optim.AdamW):
    """AdamW whose groups marked "orthogonal" (matrices, (a, b)) move by Muon."""

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step of every group; parameters without a gradient stay."""
        if closure is not None:
            raise ValueError("gradients must be there already")
        every = self.param_groups
        self.param_groups = [group for group in every if not group.get("orthogonal")]
        try:
            super().step()
        finally:
            self.param_groups = every
        for group in every:
            if group.get("orthogonal"):
                for matrix in group["params"]:
                    if matrix.grad is not None:
                        self._turn(matrix, matrix.grad, group["lr"], group["weight_decay"])

    def _turn(self, matrix: Tensor, gradient: Tensor, rate: float, decay: float) -> None:
        state = self.state[matrix]
        if not state:
            state["momentum"] = torch.zeros_like(matrix)
            state["step"] = torch.zeros(())  # AdamW looks for it in whatever it loads
        state["step"] += 1
        momentum = state["momentum"].lerp_(gradient, 1 - MOMENTUM)
        ahead = gradient.lerp(momentum, MOMENTUM)  # Nesterov's look ahead
        matrix.mul_(1 - rate * decay)
        length = LIKE_ADAM * math.sqrt(max(matrix.shape))
        matrix.add_(orthogonal(ahead), alpha=-rate * length)


def orthogonal(matrix: Tensor) -> Tensor:
    """(a, b) float -> about the nearest orthogonal matrix: singular values of 0.7 to 1.2.

    Zeros stay zeros.
    """
    a, b, c = QUINTIC
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(ROUNDS):
        square = x @ x.T  # of the shorter side
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


def _decaying(networks: list[nn.Module], decay: float) -> list[dict[str, Any]]:
    """All in one group without decay, else matrices and kernels apart from vectors."""
    parameters = [p for network in networks for p in network.parameters()]
    if not decay:
        return [{"params": parameters, "weight_decay": 0.0}]
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _kinds(networks: list[nn.Module], decay: float) -> list[dict[str, Any]]:
    """Matrices between layers, which Muon moves; tables and kernels; vectors."""
    tables = {
        id(module.weight)
        for network in networks
        for module in network.modules()
        if isinstance(module, nn.Embedding)
    }
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    for parameter in (p for network in networks for p in network.parameters()):
        if parameter.ndim == 2 and id(parameter) not in tables:
            matrices.append(parameter)
        else:
            (others if parameter.ndim > 1 else vectors).append(parameter)
    return [
        {"params": matrices, "weight_decay": decay, "orthogonal": True},
        {"params": others, "weight_decay": decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
