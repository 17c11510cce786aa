"""One form for texts that people would call the same: NFKC, case folded, single spaces."""

import unicodedata

import polars as pl


def canonical_text(text: str) -> str:
    """The canonical form of one text; the form of a canonical text is itself."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Folding can leave sequences that compose again (Unicode 16, section 5.18.4), so once more.
    return " ".join(unicodedata.normalize("NFKC", folded).casefold().split())


def canonical(texts: pl.Series) -> pl.Series:
    """The canonical form of each text; null becomes the empty text."""
    forms = [canonical_text(text) if text else "" for text in texts]
    return pl.Series(texts.name, forms, dtype=pl.String)
