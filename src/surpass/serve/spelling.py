"""From tokens to text as they come: only what later tokens cannot change is given out."""

from typing import Protocol


class Tokenizer(Protocol):
    """As much of a tokenizer as is needed."""

    def decode(
        self, tokens: list[int], *, skip_special_tokens: bool, clean_up_tokenization_spaces: bool
    ) -> str:
        """The text of tokens."""


_HALF = "�"  # the beginning of a character whose other bytes are still to come


class Spelling:
    """Spells one answer. All parts together are what evaluation would have read: no blanks around.

    A blank may turn out to be the last character, and a letter the beginning of a stop word: such
    ends are kept back until it is certain what they are.
    """

    def __init__(self, tokenizer: Tokenizer, stop: tuple[str, ...]) -> None:
        self._tokenizer, self._stop = tokenizer, tuple(word for word in stop if word)
        self._tokens: list[int] = []
        self._given = 0  # characters
        self.ended = False  # a stop word was reached

    def add(self, token: int) -> str:
        """The text that has become certain by one more token; often none."""
        self._tokens.append(token)
        whole = self._whole()
        certain = whole.rstrip(_HALF)
        return self._give(certain[: len(certain) - self._open(certain)].rstrip())

    def rest(self) -> str:
        """What was kept back, once no token follows."""
        return self._give(self._whole().rstrip())

    def _whole(self) -> str:
        """The text so far, up to a stop word."""
        text = self._tokenizer.decode(
            self._tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        ).lstrip()
        places = [place for word in self._stop if (place := text.find(word)) >= 0]
        self.ended = bool(places)
        return text[: min(places)] if places else text

    def _open(self, text: str) -> int:
        """Characters at the end with which a stop word may have begun."""
        if self.ended:
            return 0
        most = max(map(len, self._stop), default=1) - 1
        for length in range(min(most, len(text)), 0, -1):
            if any(word.startswith(text[-length:]) for word in self._stop):
                return length
        return 0

    def _give(self, text: str) -> str:
        new = text[self._given :]
        self._given = max(self._given, len(text))
        return new
