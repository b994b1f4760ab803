"""A form with what matters first and the rest folded into groups, each of which says in a few words what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .pages.icons import icon
from .pages.markup import Html, classes, h
from .settings_form import Fault, Setting, form_html


@dataclass(frozen=True, slots=True)
class Block:
    """Settings under a title of their own. `remove` names what the button beside the title takes away. `facts` are
    words and what there is to say of each."""

    settings: Sequence[Setting] = ()
    title: str = ""
    remove: str = ""
    hint: str = ""
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A folded part of a form. `words` stand beside its title, folded or not, and stand out where `changed`: where not
    all is as it would be without the user."""

    name: str
    title: str
    blocks: Sequence[Block]
    words: str = ""
    changed: bool = False

    def settings(self) -> Iterator[Setting]:
        for block in self.blocks:
            yield from block.settings


@dataclass(frozen=True, slots=True)
class Form:
    """`first` is always in sight."""

    first: Sequence[Setting]
    groups: Sequence[Group] = ()

    def settings(self) -> Iterator[Setting]:
        yield from self.first
        for group in self.groups:
            yield from group.settings()


def grouped_html(form: Form, faults: Mapping[str, Fault], *, of: str) -> Html:
    """The whole form; a group with a fault in it stands open."""
    return h(
        "div",
        form_html(form.first, faults, of=of),
        h("div", [_group(group, faults, of) for group in form.groups], class_="groups"),
        class_="grouped-form",
        # Else problems that appear above would take its place, and every open group be closed.
        data_key=f"form:{of}",
    )


def _group(group: Group, faults: Mapping[str, Fault], of: str) -> Html:
    return h(
        "details",
        h(
            "summary",
            icon("chevron"),
            h("span", group.title, class_="title"),
            h("span", group.words, class_=classes("words", group.changed and "changed")),
        ),
        h("div", [_block(block, faults, of) for block in group.blocks], class_="blocks"),
        class_="group",
        open=any(setting.name in faults for setting in group.settings()),
        data_key=group.name,
        data_testid=f"group:{of}:{group.name}",
    )


def _block(block: Block, faults: Mapping[str, Fault], of: str) -> Html:
    head = None
    if block.title:
        head = h(
            "div",
            h("span", block.title, class_="subhead"),
            _remove(block, of) if block.remove else None,
            class_="row",
        )
    return h(
        "div",
        head,
        form_html(block.settings, faults, of=of) if block.settings else None,
        h("dl", [h("div", h("dt", of), h("dd", said)) for of, said in block.facts], class_="facts")
        if block.facts
        else None,
        h("p", block.hint, class_="muted small") if block.hint else None,
        class_="block",
    )


def _remove(block: Block, of: str) -> Html:
    return h(
        "button",
        icon("trash"),
        "Remove",
        class_="btn ghost compact",
        type="button",
        data_action="leave-out",
        data_value=block.remove,
        data_testid=f"leave-out:{of}:{block.remove}",
        aria_label=f"Remove {block.title} from {of}",
    )
