"""Prose: Markdown to HTML. Nothing in a notebook's text runs or is loaded: raw HTML is shown as it is written,
links leave only to the web, pictures are their alternative text."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt

from ..pages.markup import Html


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("image", _image)
    return parser


def _link_open(self, tokens, index, options, env) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, index, options, env)


def _image(self, tokens, index, options, env) -> str:
    return self.renderInlineAsText(tokens[index].children or [], options, env)


def render_markdown(text: str) -> Html:
    return Html(_parser().render(text))
