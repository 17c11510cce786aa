"""TRL's losses of DPO, KTO and ORPO over our tokens, in our order, with our optimiser.

The only file that imports trl. Its trainers prepare texts themselves; what they would prepare is
replaced by the tokens that every other stage uses, so that the same thing is trained and served.
"""

import copy
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")  # of ORPO, whose place in TRL may change

import torch
from datasets import Dataset
from torch import nn
from transformers import (
    PreTrainedModel,
    PrinterCallback,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from surpass.core.settings import Dpo, Kto, Orpo, Training
from surpass.model.load import Loaded
from surpass.model.proof import own_attention
from surpass.model.quiet import quietly
from surpass.train.lesson import Lesson, Tokens, parts_of

Heard = Callable[[int, float, float], None]
"""Told after each step: its number from 1, its loss, and the gradient's norm before clipping."""


def learn(
    loaded: Loaded,
    parameters: Mapping[str, nn.Parameter],
    lesson: Lesson,
    training: Training,
    *,
    scratch: Path,
    heard: Heard,
) -> None:
    """Change the parameters; the model is left on the attention it came with.

    Args:
        loaded: The model, what learns already in it.
        parameters: What learns, fp32.
        lesson: Pairs in their order.
        training: With its pairs, which say the objective.
        scratch: A folder that TRL is told of; nothing is written.
        heard: Told after each step; what it raises ends the training.
    """
    optimiser = torch.optim.AdamW(
        parameters.values(), lr=1.0, betas=(0.9, 0.999), weight_decay=training.weight_decay
    )
    rates = [*lesson.rates, 0.0]  # it asks for one more than there are steps
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rates.__getitem__)
    model = loaded.model
    flat = model.config._attn_implementation  # noqa: SLF001 (there is no other way to ask)

    def told(step: int, loss: float, norm: float) -> None:
        with _attending(model, flat):
            heard(step, loss, norm)

    with (
        _attending(model, own_attention(model)),
        _same_pads(model),
        torch.random.fork_rng(),
        warnings.catch_warnings(),
        quietly(),
    ):
        warnings.simplefilter("ignore")
        trainer = _trainer(loaded, lesson, training, scratch, (optimiser, schedule))
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(_Teller(told))
        trainer.train()
    model.eval()


@contextmanager
def _attending(model: PreTrainedModel, implementation: str) -> Iterator[None]:
    """TRL pads its batches; what hears of a step asks the model as it was."""
    before = model.config._attn_implementation  # noqa: SLF001
    model.set_attn_implementation(implementation)
    try:
        yield
    finally:
        model.set_attn_implementation(before)


@contextmanager
def _same_pads(model: PreTrainedModel) -> Iterator[None]:
    """TRL writes its padding into the configurations, which full tuning would keep."""
    configs = (model.config.get_text_config(), model.generation_config)
    pads = [config.pad_token_id for config in configs]
    try:
        yield
    finally:
        for config, pad in zip(configs, pads, strict=True):
            config.pad_token_id = pad


class _Teller(TrainerCallback):
    """Passes on what TRL logs of each step."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def on_log(
        self,
        args: TrainingArguments,  # noqa: ARG002 (TRL's signature)
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002
        logs: dict[str, float],
        **_more: object,
    ) -> None:
        if "loss" in logs:
            norm = logs.get("grad_norm", 0.0)
            self._heard(state.global_step, float(logs["loss"]), float(norm))


class _OurTokens:
    """Leaves our tokens and the base's numbers as they are, and reports to nobody."""

    def _prepare_dataset(self, dataset: Dataset, *_texts: object) -> Dataset:
        return dataset

    def _precompute_ref_logps(self, dataset: Dataset, *_batches: object) -> Dataset:
        return dataset

    def _send_telemetry(self) -> None:
        return


class _Dpo(_OurTokens, DPOTrainer):
    """TRL's DPO."""


class _Kto(_OurTokens, KTOTrainer):
    """TRL's KTO."""


class _Orpo(_OurTokens, ORPOTrainer):
    """TRL's ORPO, which prepares row by row."""

    def tokenize_row(self, feature: dict[str, Tokens], *_model: object) -> dict[str, Tokens]:
        row = {}
        for side in ("chosen", "rejected"):
            prompt, answer = feature["prompt_ids"], feature[f"{side}_ids"]
            row[f"{side}_input_ids"] = prompt + answer
            row[f"{side}_attention_mask"] = [1] * len(prompt + answer)
            row[f"{side}_labels"] = [-100] * len(prompt) + answer
        return row

    def concatenated_forward(
        self, model: nn.Module, batch: dict[str, torch.Tensor]
    ) -> tuple[torch.Tensor, ...]:
        """TRL's own, but prompts carry no loss, as nowhere here; TRL learns them too."""
        chosen, *others = super().concatenated_forward(model, batch)
        tokens = (batch["chosen_labels"] != -100).sum(1).to(chosen.device)
        others[3] = -(chosen * tokens).sum() / tokens.sum()
        return (chosen, *others)


Optimiser = tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]


def _trainer(
    loaded: Loaded, lesson: Lesson, training: Training, scratch: Path, optimiser: Optimiser
) -> DPOTrainer | KTOTrainer | ORPOTrainer:
    """The trainer of the objective."""
    settings = {
        "output_dir": str(scratch),
        "max_steps": lesson.steps,
        "per_device_train_batch_size": lesson.at_once,
        "gradient_accumulation_steps": lesson.a_step // lesson.at_once,
        "train_sampling_strategy": "sequential",  # the order is the lesson's
        "max_length": None,  # rows that are too long were left out, by name
        "max_grad_norm": training.clip_norm,
        "seed": training.seed,
        "disable_dropout": True,
        "bf16": False,  # weights and sums are of the number type that the model was loaded in
        "gradient_checkpointing": False,
        "use_cpu": loaded.device == "cpu",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,  # else what is no number is told as one
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }
    given = {
        "model": loaded.model,
        "processing_class": copy.deepcopy(loaded.tokenizer),  # TRL changes its padding
        "optimizers": optimiser,
    }
    pairs = training.pairs
    match pairs:
        case Dpo():
            config = DPOConfig(**settings, beta=pairs.beta, precompute_ref_log_probs=True)
            return _Dpo(**given, args=config, train_dataset=_dpo_rows(lesson))
        case Kto():
            settings["per_device_train_batch_size"] = 2 * lesson.at_once  # answers, not pairs
            config = KTOConfig(**settings, beta=pairs.beta, precompute_ref_log_probs=True)
            return _Kto(**given, args=config, train_dataset=_kto_rows(lesson))
        case Orpo():
            del settings["max_length"]  # read where it prepares texts, which it does not here
            config = ORPOConfig(**settings, beta=pairs.beta)
            return _Orpo(**given, args=config, train_dataset=_orpo_rows(lesson))
        case _:
            raise TypeError(f"{pairs} says no objective")


def _dpo_rows(lesson: Lesson) -> Dataset:
    return Dataset.from_dict(
        {
            "prompt_ids": list(lesson.prompts),
            "chosen_ids": list(lesson.chosen),
            "rejected_ids": list(lesson.rejected),
            "ref_chosen_logps": list(lesson.base_chosen),
            "ref_rejected_logps": list(lesson.base_rejected),
        }
    )


def _orpo_rows(lesson: Lesson) -> Dataset:
    texts = [""] * len(lesson.prompts)
    named = dict.fromkeys(("prompt", "chosen", "rejected"), texts)  # by them it knows pairs
    tokens = {
        "prompt_ids": list(lesson.prompts),
        "chosen_ids": list(lesson.chosen),
        "rejected_ids": list(lesson.rejected),
    }
    return Dataset.from_dict(named | tokens)


def _kto_rows(lesson: Lesson) -> Dataset:
    """Two rows a pair; within what is computed together, the chosen ones first."""
    parts = parts_of(lesson)
    both = [(row, good) for rows in parts for good in (True, False) for row in rows]
    side = {True: lesson.chosen, False: lesson.rejected}
    base = {True: lesson.base_chosen, False: lesson.base_rejected}
    return Dataset.from_dict(
        {
            "prompt_ids": [lesson.prompts[row] for row, _ in both],
            "completion_ids": [side[good][row] for row, good in both],
            "label": [good for _, good in both],
            "ref_logps": [base[good][row] for row, good in both],
            "KL_completion_ids": list(lesson.mixed),
            "ref_KL_logps": list(lesson.base_mixed),
        }
    )
