"""A stream of events on its way through: whole events are passed on, the last one is kept back."""


class Events:
    """Cuts what arrives at the ends of events, however the network has cut it.

    Source: WHATWG HTML, Server-sent events, section 9.2.6; a line may end with CR LF, too.
    """

    def __init__(self, last: bytes) -> None:
        """Nothing arrived yet.

        Args:
            last: The line that ends the stream, which is not passed on.
        """
        self._last = last
        self._open = b""
        self.done = False  # the last line was seen

    def add(self, part: bytes) -> list[bytes]:
        """The events that are whole now, byte for byte."""
        self._open += part
        whole = []
        while not self.done and (end := _end(self._open)) is not None:
            event, self._open = self._open[:end], self._open[end:]
            if event.strip() == self._last:
                self.done = True
            else:
                whole.append(event)
        return whole


def data_of(event: bytes) -> bytes | None:
    """What an event says; None: it is a comment that keeps the connection alive."""
    lines = [line[5:].strip() for line in event.splitlines() if line.startswith(b"data:")]
    return b"\n".join(lines) if lines else None


def _end(content: bytes) -> int | None:
    """Behind the blank line that ends the first event; None: it is still to come."""
    ends = [
        place + len(blank)
        for blank in (b"\n\n", b"\r\n\r\n")
        if (place := content.find(blank)) >= 0
    ]
    return min(ends) if ends else None
