"""The parameters that learn with AdamW's memory of them: one step, and all of it as tensors."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from surpass.core.settings import Training

_ADAPTER, _MEAN, _SQUARE = "adapter.", "mean.", "square."
_MOMENTS = {_MEAN: "exp_avg", _SQUARE: "exp_avg_sq"}  # torch's names of the running means


class Learner:
    """Changes them in place."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], training: Training) -> None:
        self.parameters = parameters
        self._clip_norm = training.clip_norm
        self._optimiser = torch.optim.AdamW(
            parameters.values(), lr=0.0, betas=(0.9, 0.999), weight_decay=training.weight_decay
        )

    def step(self, rate: float) -> float:
        """Learn from the gradients that stand in the parameters, and clear them.

        Returns:
            The gradient's norm before clipping. Where it is not finite, nothing was changed.
        """
        norm = float(nn.utils.clip_grad_norm_(self.parameters.values(), self._clip_norm))
        if torch.isfinite(torch.tensor(norm)):
            for group in self._optimiser.param_groups:
                group["lr"] = rate
            self._optimiser.step()
        self._optimiser.zero_grad()
        return norm

    def values(self) -> dict[str, Tensor]:
        """A copy of what learns, in the processor's memory, by name."""
        return {
            name: parameter.detach().cpu().clone() for name, parameter in self.parameters.items()
        }

    def tensors(self) -> dict[str, Tensor]:
        """Values and moments as they are, for a checkpoint."""
        kept = {_ADAPTER + name: tensor for name, tensor in self.values().items()}
        for name, parameter in self.parameters.items():
            state = self._optimiser.state[parameter]
            for prefix, moment in _MOMENTS.items():
                kept[prefix + name] = state[moment].detach().cpu()
        return kept

    def restore(self, tensors: Mapping[str, Tensor], step: int) -> None:
        """Go on from what `tensors` gave after `step` steps."""
        for name, parameter in self.parameters.items():
            with torch.no_grad():
                parameter.copy_(tensors[_ADAPTER + name])
            self._optimiser.state[parameter] = {
                "step": torch.tensor(float(step)),
                **{
                    moment: tensors[prefix + name].to(parameter.device)
                    for prefix, moment in _MOMENTS.items()
                },
            }
