"""[data] and [split]: where the rows are and how they are divided."""

from typing import Annotated

import msgspec
from msgspec import Meta

from surpass.core.settings.section import Section, Share


class Source(Section, frozen=True, kw_only=True):
    """[data.sources."FILE"]: where the rows of one file come from, and whether they may be used."""

    origin: str | None = None  # who made them, where and when
    licence: str | None = None  # an SPDX name, or what was agreed
    consent: str | None = None  # on what ground people's words may be used


class Data(Section, frozen=True, kw_only=True):
    """Files of rows, and which columns mean what."""

    train: tuple[str, ...]  # CSV, TSV, JSONL or Parquet, or patterns such as "cycles/*.jsonl"
    valid: tuple[str, ...] = ()  # your own validation rows; empty: split off
    test: tuple[str, ...] = ()  # your own test rows; empty: split off
    id: str | None = None  # column that names a row; none: file and line do
    group: str | None = None  # rows with the same value never straddle the split
    time: str | None = None  # when the row came about
    slices: tuple[str, ...] = ()  # columns judged apart; "language" is told where it is none
    ignore: tuple[str, ...] = ()  # columns that are not read
    references: str | None = None  # column of lists: texts accepted besides the expected one
    annotator: str | None = None  # column that says who gave the answer
    traffic: tuple[str, ...] = ()  # what production is asked: files, or "journal"
    sources: dict[str, Source] = msgspec.field(default_factory=dict)  # by the file's name


class Split(Section, frozen=True, kw_only=True):
    """How groups and near-duplicate clusters are dealt out."""

    valid_share: Share = 0.15  # share of the rows, by group
    test_share: Share = 0.25  # share of the rows, by group
    seed: Annotated[int, Meta(ge=0)] = 0  # same rows and seed, same split
