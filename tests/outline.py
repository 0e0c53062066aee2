"""What markup a page is made of, so that words which became markup stand out."""

from html.parser import HTMLParser

Element = tuple[str, frozenset[str]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[Element] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, frozenset(name for name, _ in attrs)))


def outline(page: str) -> set[Element]:
    """Every element with the names of its attributes.

    >>> outline('<b class="x">&lt;i&gt;</b>') == {("b", frozenset({"class"}))}
    True
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found
