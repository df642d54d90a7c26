"""A lab's guide: Markdown in the folder of the lab, HTML on the page."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from labs.sdk.lab import Lab


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # html=False: markup in a guide is shown as the characters it is, never run.
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])


def of(lab: Lab) -> Markup:
    """The guide of a lab; a sentence that says so if it has none."""
    try:
        return render(lab.guide)
    except FileNotFoundError:
        return Markup("<p>This lab has no guide.</p>")


def render(text: str) -> Markup:
    """Markdown as HTML for the page.

    Headings move down one level (`#` becomes `<h2>`), because the page has its own `<h1>`.
    Only `http`, `https`, `mailto` and relative addresses become links.
    """
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))
