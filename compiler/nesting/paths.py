"""Places inside networks inside networks: `block/conv`, and `block:2/conv` in the second repetition. Pure."""

from __future__ import annotations


def step(node: str, repetition: int = 0) -> str:
    """One step of a path: into a node, in its repetition from 0. The first needs no number, so that a path stays what
    it is when a network is repeated more often."""
    return f"{node}:{repetition + 1}" if repetition else node


def read_step(text: str) -> tuple[str, int]:
    """The node and the repetition, from 0, that a step leads into."""
    node, _, number = text.partition(":")
    return node, int(number) - 1 if number.isdigit() and int(number) > 0 else 0


def join(*steps: str) -> str:
    """The path of these steps, empty ones left out."""
    return "/".join(part for part in steps if part)


def split(path: str) -> tuple[tuple[str, ...], str]:
    """The steps that lead to a place, and the node there."""
    *steps, node = path.split("/")
    return tuple(steps), node


def outermost(path: str) -> str:
    """The node of the outer network in which a place is: itself, or the one that leads there."""
    return read_step(path.partition("/")[0])[0]
