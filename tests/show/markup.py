"""What a browser would see in our HTML: elements, their attributes, and texts."""

from html.parser import HTMLParser


class Markup(HTMLParser):
    """All start tags with their attributes, in order, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        self.elements.append(("!--", {}))

    @property
    def skeleton(self) -> list[tuple[str, list[str]]]:
        """Tags with the names of their attributes."""
        return [(tag, sorted(attributes)) for tag, attributes in self.elements]

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def values(self, *names: str) -> set[str]:
        """All values of these attributes."""
        return {
            value or ""
            for _, attributes in self.elements
            for name, value in attributes.items()
            if name in names
        }
