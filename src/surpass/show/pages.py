"""The templates, with escaping always on; the one file that imports jinja2."""

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=PackageLoader("surpass.show", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def fill(template: str, page: msgspec.Struct) -> str:
    """The template's text with the page in it."""
    return _TEMPLATES.get_template(template).render(page=page)
