"""Fields of records that are labels in their own right: a closed set of values, not cut from text.

A city or a date stands in the text it was read from; a department or a priority is somebody's
judgement of the text, as a label is.
"""

import polars as pl

from surpass.core.columns import INPUT, TARGET
from surpass.data.fields import fields_of
from surpass.text.canonical import canonical, canonical_text

_MOST_VALUES = 50
_ROWS_A_VALUE = 10  # mean rows a value needs; with fewer, a field names rows rather than kinds
_FROM_TEXT = 0.5  # share of the rows whose value stands in the text, from which on it was cut out


def closed_fields(examples: pl.DataFrame) -> dict[str, pl.Series]:
    """Values by the field's name, null where the record has none; fields in order of appearance."""
    records = [fields or {} for fields in fields_of(examples[TARGET])]
    forms = canonical(examples[INPUT]).to_list()
    found = {}
    for name in dict.fromkeys(name for record in records for name in record):
        values = [record.get(name) for record in records]
        there = [(v, form) for v, form in zip(values, forms, strict=True) if v is not None]
        kinds = len({value for value, _ in there})
        cut_out = sum(canonical_text(value) in form for value, form in there)
        if not 2 <= kinds <= min(_MOST_VALUES, len(there) / _ROWS_A_VALUE):
            continue
        if cut_out < _FROM_TEXT * len(there):
            found[name] = pl.Series(name, values, dtype=pl.String)
    return found


def field_values(targets: pl.Series, name: str) -> pl.Series:
    """One field of each record; null where there is no record or no such field."""
    records = fields_of(targets.fill_null(""))
    return pl.Series(name, [(fields or {}).get(name) for fields in records], dtype=pl.String)
