"""Frames of predictions with a gap where we want one, and without any."""

import numpy as np
import polars as pl

from surpass.core import columns

PRODUCTS = ("fibre", "mobile", "tv", "email")
CHANNELS = ("chat", "phone", "letter")
LABELS = ("repair", "refund", "move")
WORDS = {
    "fibre": "hub router cable light socket modem",
    "mobile": "sim handset roaming signal minutes texts",
    "tv": "remote picture channels recorder screen film",
    "email": "mailbox password inbox attachment spam address",
}
FILLER = "the a my please again since monday still now it was and then with for you"


def examples(count, seed, products=PRODUCTS):
    """Rows of labels with two attributes; one to three rows a group, inputs tell their product."""
    rng = np.random.default_rng(seed)
    drawn = rng.choice(products, count)
    texts = [
        " ".join(
            rng.permutation(
                [*rng.choice(WORDS[p].split(), 3, False), *rng.choice(FILLER.split(), 6)]
            )
        )
        for p in drawn
    ]
    return pl.DataFrame(
        {
            columns.ROW: [f"s{seed}-{i}" for i in range(count)],
            columns.GROUP: [f"g{g}" for g in np.sort(rng.integers(0, count // 2, count))],
            columns.INPUT: texts,
            columns.TARGET: rng.choice(LABELS, count),
            "@product": drawn,
            "@channel": rng.choice(CHANNELS, count),
        }
    )


def answered(frame, wrong, seed):
    """Answers of a classifier that is wrong where it is told to be; which label, is chance."""
    rng = np.random.default_rng(seed)
    shift = np.where(wrong, rng.integers(1, len(LABELS), frame.height), 0)
    places = [LABELS.index(label) for label in frame[columns.TARGET]]
    answers = [LABELS[(p + s) % len(LABELS)] for p, s in zip(places, shift, strict=True)]
    return frame.with_columns(
        pl.Series(columns.ANSWER, answers),
        pl.lit("ok").alias(columns.STATUS),
        pl.lit(None, dtype=pl.List(pl.Float64)).alias(columns.PROBABILITIES),
        pl.lit(0).alias(columns.OUT_TOKENS),
    )


def chance(frame, rate, seed, within=0.0):
    """Which rows go wrong by chance; `within` is the share of groups whose rows go all one way."""
    rng = np.random.default_rng(seed)
    member = np.unique(frame[columns.GROUP].to_numpy(), return_inverse=True)[1]
    groups = member.max() + 1
    together = (rng.random(groups) < within)[member]
    return np.where(together, (rng.random(groups) < rate)[member], rng.random(frame.height) < rate)


def gap(frame, product, inside, elsewhere, seed):
    """Rates of error of one product's rows and of all others."""
    rate = np.where(frame["@product"].to_numpy() == product, inside, elsewhere)
    return np.random.default_rng(seed).random(frame.height) < rate
