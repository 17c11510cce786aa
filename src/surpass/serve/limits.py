"""How many requests and tokens a key may use a minute: buckets that fill steadily."""

from typing import NamedTuple

from surpass.serve.refusals import Refusal

_MINUTE = 60.0


class Bucket:
    """Holds at most a minute's worth; full at first, and filled evenly as time goes on."""

    def __init__(self, per_minute: int, now: float) -> None:
        self.per_minute = per_minute
        self._level, self._at = float(per_minute), now

    def level(self, now: float) -> float:
        """What may be taken at this moment; below 0 where more was used than was reserved."""
        self._level = min(
            float(self.per_minute), self._level + (now - self._at) * self.per_minute / _MINUTE
        )
        self._at = now
        return self._level

    def wait(self, amount: float, now: float) -> float:
        """Seconds until so much may be taken; 0: now."""
        return max(0.0, amount - self.level(now)) * _MINUTE / self.per_minute

    def take(self, amount: float, now: float) -> None:
        """Take it, or with a negative amount give it back."""
        self.level(now)
        self._level = min(float(self.per_minute), self._level - amount)


class Budget(NamedTuple):
    """What one key may use; none: without limit."""

    requests: Bucket | None
    tokens: Bucket | None

    def take(self, tokens: float, now: float) -> None:
        """One request that may use so many tokens.

        Raises:
            Refusal: too soon; says when.
        """
        if self.tokens is not None and tokens > self.tokens.per_minute:
            raise Refusal(
                400,
                f"This request may use {tokens:.0f} tokens; the key has {self.tokens.per_minute} a "
                "minute. Lower max_completion_tokens.",
                "too_many_tokens",
            )
        for bucket, amount, what in (
            (self.requests, 1.0, "requests"),
            (self.tokens, tokens, "tokens"),
        ):
            if bucket is not None and (wait := bucket.wait(amount, now)) > 0:
                raise Refusal(
                    429,
                    f"The key has used its {bucket.per_minute} {what} a minute.",
                    "rate_limit_exceeded",
                    wait_seconds=wait,
                )
        for bucket, amount in ((self.requests, 1.0), (self.tokens, tokens)):
            if bucket is not None:
                bucket.take(amount, now)

    def settle(self, reserved: float, used: float, now: float) -> None:
        """Give back what was reserved and not used, or take what was used beyond."""
        if self.tokens is not None:
            self.tokens.take(used - reserved, now)

    def headers(self, now: float) -> dict[str, str]:
        """What is left, under the names that OpenAI's clients know."""
        told = {}
        for name, bucket in (("requests", self.requests), ("tokens", self.tokens)):
            if bucket is not None:
                told[f"x-ratelimit-limit-{name}"] = str(bucket.per_minute)
                told[f"x-ratelimit-remaining-{name}"] = str(max(0, int(bucket.level(now))))
                told[f"x-ratelimit-reset-{name}"] = f"{bucket.wait(bucket.per_minute, now):.3f}s"
        return told


FREE = Budget(None, None)
