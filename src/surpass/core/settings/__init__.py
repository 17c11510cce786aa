"""surpass.toml as frozen, tagged, closed types: one file a section."""

import msgspec

from surpass.core.settings.criteria import (
    Budget,
    Ceiling,
    Criteria,
    Criterion,
    Floor,
    Forgetting,
    Guard,
    Primary,
)
from surpass.core.settings.cycle import Cycle, Guards, Triggers
from surpass.core.settings.data import Data, Split
from surpass.core.settings.experiment import Experiment
from surpass.core.settings.fairness import Fairness
from surpass.core.settings.judge import Judge
from surpass.core.settings.labelling import Labelling
from surpass.core.settings.model import Generation, Ladder, Model, Training
from surpass.core.settings.objective import Dpo, Kto, Orpo, Pairs
from surpass.core.settings.preference import Preference
from surpass.core.settings.rating import Rating, Scale
from surpass.core.settings.section import OptionValue, Section
from surpass.core.settings.serving import Serving, Upstream
from surpass.core.settings.task import Classify, Code, Extract, Generate, Task
from surpass.core.settings.tracking import Track
from surpass.core.settings.tuning import (
    Dora,
    Full,
    Ia3,
    Lora,
    Other,
    Prefix,
    Prompt,
    Ptuning,
    Qlora,
    Tuning,
    WithVirtualTokens,
)
from surpass.core.settings.watch import Drift, Watch

__all__ = [
    "Budget",
    "Ceiling",
    "Classify",
    "Code",
    "Criteria",
    "Criterion",
    "Cycle",
    "Data",
    "Dora",
    "Dpo",
    "Drift",
    "Experiment",
    "Extract",
    "Fairness",
    "Floor",
    "Forgetting",
    "Full",
    "Generate",
    "Generation",
    "Guard",
    "Guards",
    "Ia3",
    "Judge",
    "Kto",
    "Labelling",
    "Ladder",
    "Lora",
    "Model",
    "OptionValue",
    "Orpo",
    "Other",
    "Pairs",
    "Preference",
    "Prefix",
    "Primary",
    "Prompt",
    "Ptuning",
    "Qlora",
    "Rating",
    "Scale",
    "Section",
    "Serving",
    "Settings",
    "Split",
    "Task",
    "Track",
    "Training",
    "Triggers",
    "Tuning",
    "Upstream",
    "Watch",
    "WithVirtualTokens",
    "default_criteria",
]

_DEFAULT_METRIC = {
    "classify": "macro_f1",
    "extract": "field_f1",
    "generate": "chrf",
    "code": "pass_at_k",
}


class Settings(Section, frozen=True, kw_only=True):
    """All of surpass.toml."""

    task: Task
    data: Data
    split: Split = Split()
    model: Model = Model()
    tuning: Tuning = Lora()
    training: Training = Training()
    generation: Generation = Generation()
    ladder: Ladder = Ladder()
    criteria: Criteria | None = None  # none: the default of the kind, marked "not declared"
    budget: Budget = Budget()
    rating: Rating = Rating()
    labelling: Labelling = Labelling()
    judge: Judge | None = None  # none: only people compare answers
    fairness: Fairness = Fairness()
    watch: Watch = Watch()
    cycle: Cycle = Cycle()
    serving: Serving = Serving()
    experiment: Experiment = Experiment()
    track: Track = Track()
    checks: dict[str, dict[str, OptionValue]] = msgspec.field(default_factory=dict)

    @property
    def kind(self) -> str:
        """classify, extract, generate or code."""
        return str(self.task.__struct_config__.tag)

    @property
    def criteria_in_force(self) -> Criteria:
        """The declared criteria, or the default of the task's kind."""
        return self.criteria or default_criteria(self.kind)


def default_criteria(kind: str) -> Criteria:
    """What is asked of a tuned model when nobody declared anything: more than 2 points of gain."""
    return Criteria(primary=(Primary(metric=_DEFAULT_METRIC[kind], margin=0.02, expect=0.15),))
