"""Prose: Markdown to HTML, with maths and live values. Nothing in a notebook's text runs or is loaded: raw HTML is
shown as it is written, links leave only to the web, pictures are their alternative text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ...compiler.live_values import PATTERN
from ..pages.markup import Html
from .maths import maths

# From a cell's name and what is asked of it to what stands there instead.
Live = Callable[[str, str], Html]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.inline.ruler.before("escape", "live", _find_live)
    parser.add_render_rule("live", _live)
    parser.add_render_rule("math_inline", _inline_maths)
    parser.add_render_rule("math_inline_double", _block_maths)
    parser.add_render_rule("math_block", _block_maths)
    parser.add_render_rule("math_block_label", _block_maths)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("image", _image)
    return parser


def _find_live(state, silent) -> bool:
    found = PATTERN.match(state.src, state.pos) if state.src.startswith("{{", state.pos) else None
    if found is None:
        return False
    if not silent:
        token = state.push("live", "", 0)
        token.meta = {"cell": found["cell"], "value": found["value"]}
        token.content = found[0]
    state.pos = found.end()
    return True


def _live(self, tokens, index, options, env) -> str:
    token = tokens[index]
    live = env.get("live")
    return live(token.meta["cell"], token.meta["value"]) if live else self.text(tokens, index, options, env)


def _inline_maths(self, tokens, index, options, env) -> str:
    return maths(tokens[index].content)


def _block_maths(self, tokens, index, options, env) -> str:
    return maths(tokens[index].content.strip(), block=True)


def _link_open(self, tokens, index, options, env) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, index, options, env)


def _image(self, tokens, index, options, env) -> str:
    return self.renderInlineAsText(tokens[index].children or [], options, env)


def render_markdown(text: str, live: Live | None = None) -> Html:
    """The text as HTML; `live` gives what stands for a live value, which is else shown as it is written."""
    return Html(_parser().render(text, {"live": live}))


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading, in order."""
    tokens = _parser().parse(text)
    return [
        (int(token.tag[1]), following.content) for token, following in pairwise(tokens) if token.type == "heading_open"
    ]
