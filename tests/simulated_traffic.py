"""Requests of invented users about a few invented subjects, as the watch reads them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from surpass.monitor.traffic import with_feedback

START = datetime(2026, 3, 1, 8, tzinfo=UTC)

SUBJECTS = {
    "parcel": "where is my parcel it was sent on monday track the delivery courier lost late box",
    "refund": "please give me a refund money back wrong item return paid card amount twice bank",
    "login": "cannot log in password reset account locked email code sign expired page error",
    "opening": "when does the shop open on sunday hours holiday today closed store near town",
}
NEW = "my quorbit flickers the quorbit hub will not pair with zendo lamp firmware blinks red"


def requests(
    count: int,
    *,
    seed: int,
    new_share: float = 0.0,
    users: int | None = None,
    right: float = 0.9,
    labelled: float = 1.0,
    start: datetime = START,
) -> pl.DataFrame:
    """So many requests, one every two minutes; a share of them about what nobody asked before."""
    rng = np.random.default_rng(seed)
    names = list(SUBJECTS)
    rows = []
    for number in range(count):
        is_new = rng.random() < new_share
        subject = "login" if is_new else names[rng.integers(len(names))]
        words = (NEW if is_new else SUBJECTS[subject]).split()
        good = rng.random() < (0.5 if is_new else right)
        rows.append(
            {
                "request": f"r{seed}-{number}",
                "at": start + timedelta(minutes=2 * number),
                "unit": f"u{seed}-{number if users is None else rng.integers(users)}",
                "release": "demo@1",
                "status": "finished",
                "finish_reason": "stop",
                "latency_ms": float(rng.lognormal(5, 0.4)),
                "output_tokens": 3.0,
                "input": " ".join(rng.choice(words, 6, replace=False)),
                "output": subject,
                "label": subject,
                "confidence": float(np.clip(rng.normal(0.85 if good else 0.6, 0.08), 0, 1)),
                "cost": 0.001,
                "right": float(good) if rng.random() < labelled else None,
            }
        )
    kinds = {"right": pl.Float64, "at": pl.Datetime("us", "UTC")}
    return with_feedback(pl.DataFrame(rows, schema_overrides=kinds), pl.DataFrame())
