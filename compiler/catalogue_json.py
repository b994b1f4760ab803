"""The catalogue as JSON and back. Pure: no files, no Keras.

Fields that have their default value are left out, which halves the file and keeps its diffs short.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from .catalogue_types import Catalogue, Entry, Kind, Parameter, Port

REGISTRIES = (
    "losses",
    "metrics",
    "optimizers",
    "schedules",
    "initializers",
    "regularizers",
    "constraints",
    "callbacks",
    "activations",
    "applications",
)


def to_json(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as JSON values, in an order that depends on nothing but its content."""
    result: dict[str, Any] = {"keras_version": catalogue.keras_version}
    for section in ("kinds", *REGISTRIES):
        entries: Mapping[str, Kind | Entry] = getattr(catalogue, section)
        result[section] = {name: _record(entries[name]) for name in sorted(entries)}
    return result


def kind_to_json(kind: Kind) -> dict[str, Any]:
    """One kind as it stands in the catalogue's JSON."""
    return _record(kind)


def kind_from_json(name: str, record: Mapping[str, Any]) -> Kind:
    """The kind that `kind_to_json` wrote."""
    return _kind(name, record)


def from_json(data: Mapping[str, Any]) -> Catalogue:
    """The catalogue written by `to_json`. Raises KeyError or TypeError when `data` is none."""
    registries = {
        section: {name: _entry(name, record) for name, record in data[section].items()} for section in REGISTRIES
    }
    kinds = {name: _kind(name, record) for name, record in data["kinds"].items()}
    return Catalogue(keras_version=data["keras_version"], kinds=kinds, **registries)


def _record(value: Kind | Entry | Port | Parameter) -> dict[str, Any]:
    # The name is the key under which the record stands; ports, which are lists, keep it.
    record: dict[str, Any] = {"name": value.name} if isinstance(value, Port) else {}
    for field in fields(value):
        content = getattr(value, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name == "name" or (content == default and type(content) is type(default)):
            continue
        if field.name == "parameters":
            content = {name: _record(parameter) for name, parameter in content.items()}
        elif field.name in ("inputs", "outputs"):
            content = [_record(port) for port in content]
        record[field.name] = list(content) if isinstance(content, tuple) else content
    return record


def _parameters(record: Mapping[str, Any]) -> dict[str, Parameter]:
    return {name: _parameter(name, told) for name, told in record.get("parameters", {}).items()}


def _parameter(name: str, record: Mapping[str, Any]) -> Parameter:
    # There are thousands of these, and few have choices.
    if "choices" in record:
        record = {**record, "choices": tuple(record["choices"])}
    return Parameter(name, **record)


def _kind(name: str, record: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        **{
            **record,
            "inputs": tuple(Port(**port) for port in record.get("inputs", ())),
            "outputs": tuple(Port(**port) for port in record.get("outputs", ())),
            "parameters": _parameters(record),
            "synonyms": tuple(record.get("synonyms", ())),
        },
    )


def _entry(name: str, record: Mapping[str, Any]) -> Entry:
    return Entry(
        name,
        **{
            **record,
            "parameters": _parameters(record),
            "synonyms": tuple(record.get("synonyms", ())),
        },
    )
