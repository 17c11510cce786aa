"""What `surpass plan --gpu` and `surpass worth` answer a program; what is not known is null."""

import msgspec

from surpass.core.records.power import PowerData


