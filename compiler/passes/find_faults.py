"""Holds arguments against what the catalogue declares: of nodes, and of losses, optimizers and callbacks alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ..catalogue_types import Parameter
from .nested_objects import closest_name, find_entry, known_names, registries_of
from .values import DTYPES, WORDS, clamped, fits, meant, numbers_in, shown


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one argument. `path` leads from the outermost parameter inwards; each repair is a title
    and what should stand in the place of the arguments (or the value) that were looked at."""

    code: str
    message: str
    path: tuple[str, ...] = ()
    help: str = ""
    repairs: tuple[tuple[str, Any], ...] = ()


def find_faults(
    params: Mapping[str, Any],
    declared: Mapping[str, Parameter],
    owner: str,
    *,
    from_wires: frozenset[str] = frozenset(),
) -> Iterator[Fault]:
    """The faults of the arguments of `owner`; each repair is a whole new dict of arguments.

    Parameters `from_wires` may be left out, since a wire can bring them."""
    misspelt: set[str] = set()
    for name, value in params.items():
        parameter = declared.get(name)
        if parameter is None:
            close = _meant(name, [other for other in declared if other not in params])
            misspelt.update(close)
            yield _unknown(name, params, close, owner)
            continue
        for fault in faults_of_value(parameter, value, f"{name} of {owner}"):
            repairs = tuple((title, {**params, name: better}) for title, better in fault.repairs)
            if not repairs and not parameter.required:
                repairs = ((f"Leave {name} out", _without(params, name)),)
            yield replace(fault, path=(name, *fault.path), repairs=repairs)
    for name, parameter in declared.items():
        if parameter.required and name not in params and name not in from_wires and name not in misspelt:
            yield _missing(parameter, params, owner)


def faults_of_value(parameter: Parameter, value: Any, subject: str) -> Iterator[Fault]:
    """The faults of one value; each repair is a value to put in its place."""
    type, name = parameter.type, parameter.name
    if value is None:
        if not (parameter.nullable or (parameter.default is None and not parameter.required) or fits(type, None)):
            yield Fault("P304", f"{subject} must be {WORDS.get(type, 'given')}.", help=parameter.help)
    elif parameter.choices:
        yield from _none_of(parameter, value, subject)
    elif type == "dtype" and not isinstance(value, dict):
        if value not in DTYPES:
            close = get_close_matches(str(value), DTYPES, n=1)
            repairs = tuple((f"Set {name} to {choice}", choice) for choice in close)
            yield Fault("P306", f"{subject} must be {WORDS[type]}, not {shown(value)}.", repairs=repairs)
    elif not fits(type, value):
        repairs = tuple((f"Set {name} to {shown(better)}", better) for better in meant(type, value))
        yield Fault("P304", f"{subject} must be {WORDS[type]}, not {shown(value)}.", (), parameter.help, repairs)
    elif outside := _outside(parameter, value):
        better = clamped(value, parameter.minimum, parameter.maximum)
        repairs = ((f"Set {name} to {shown(better)}", better),)
        yield Fault("P305", f"{subject} must be {outside}, not {shown(value)}.", (), parameter.help, repairs)
    elif isinstance(value, dict | list) or registries_of(type):
        yield from _nested(parameter, value, subject)


def _meant(name: str, others: list[str]) -> list[str]:
    """The one name that is nearest, or of which this is the beginning or the initials (`lr`)."""
    shorter = [
        other
        for other in others
        if other.startswith(f"{name}_") or name == "".join(word[:1] for word in other.split("_") if len(name) > 1)
    ]
    return get_close_matches(name, others, n=1) or (shorter if len(shorter) == 1 else [])


def _unknown(name: str, params: Mapping[str, Any], meant: list[str], owner: str) -> Fault:
    repairs = [
        (f"Rename {name} to {close}", {(close if key == name else key): value for key, value in params.items()})
        for close in meant
    ]
    repairs.append((f"Remove {name}", _without(params, name)))
    return Fault("P302", f"{owner} has no parameter {name}.", (name,), repairs=tuple(repairs))


def _missing(parameter: Parameter, params: Mapping[str, Any], owner: str) -> Fault:
    name = parameter.name
    value = parameter.suggested if parameter.suggested is not None else next(iter(parameter.choices), None)
    repairs = () if value is None else ((f"Set {name} to {shown(value)}", {**params, name: value}),)
    return Fault("P303", f"{owner} needs a value for {name}.", (name,), parameter.help, repairs)


def _none_of(parameter: Parameter, value: Any, subject: str) -> Iterator[Fault]:
    choices = parameter.choices
    if any(value == choice and type(value) is type(choice) for choice in choices):
        return
    texts = {str(choice): choice for choice in choices}
    close = get_close_matches(str(value).lower(), texts, n=1, cutoff=0.4) or (list(texts) if len(texts) <= 3 else [])
    repairs = tuple((f"Set {parameter.name} to {shown(texts[text])}", texts[text]) for text in close)
    listed = ", ".join(texts)
    yield Fault("P306", f"{subject} must be one of {listed}, not {shown(value)}.", (), parameter.help, repairs)


def _outside(parameter: Parameter, value: Any) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is None and high is None:
        return ""
    if all((low is None or low <= number) and (high is None or number <= high) for number in numbers_in(value)):
        return ""
    if high is None:
        return f"{low:g} or more"
    return f"at most {high:g}" if low is None else f"between {low:g} and {high:g}"


def _nested(parameter: Parameter, value: Any, subject: str) -> Iterator[Fault]:
    type, name = parameter.type, parameter.name
    if isinstance(value, list):
        for index, item in enumerate(value):
            if not isinstance(item, dict | list):
                continue
            for fault in _nested(parameter, item, f"{subject}, item {index + 1},"):
                repairs = tuple((title, [*value[:index], new, *value[index + 1 :]]) for title, new in fault.repairs)
                yield replace(fault, repairs=repairs)
    elif isinstance(value, str):
        if value not in known_names(type):
            names = list(known_names(type))
            close = get_close_matches(value, names, n=1)
            repairs = tuple((f'Set {name} to "{better}"', better) for better in close)
            yield Fault("P307", f'{subject}: there is no {_word(type)} "{value}".', repairs=repairs)
    elif isinstance(value, dict) and ("kind" in value or registries_of(type)):
        yield from _faults_of_object(type, name, value, subject)
    elif not isinstance(value, dict) and type != "schedule":
        yield Fault("P307", f"{subject} must be {_a(_word(type))}, not {shown(value)}.")


def _faults_of_object(type: str, name: str, value: dict[str, Any], subject: str) -> Iterator[Fault]:
    kind, params = value.get("kind"), value.get("params", {})
    if not isinstance(kind, str) or not isinstance(params, dict):
        yield Fault("P307", f'{subject} must be {_a(_word(type))}, as {{"kind": …, "params": {{…}}}}.')
        return
    entry = find_entry(type, kind)
    if entry is None:
        close = closest_name(type, kind)
        repairs = ((f"Use {close}", {**value, "kind": close}),) if close else ()
        yield Fault("P307", f"{subject}: there is no {_word(type)} {kind}.", repairs=repairs)
        return
    if entry.unbuildable:
        yield Fault("P313", f"{subject}: {kind} cannot be built from its parameters. {entry.unbuildable}")
        return
    for fault in find_faults(params, entry.parameters, f"{kind} ({subject})"):
        repairs = tuple((title, {**value, "params": better}) for title, better in fault.repairs)
        yield replace(fault, repairs=repairs)


def _without(params: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key != name}


def _word(type: str) -> str:
    return type if registries_of(type) else "Keras object"


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
