"""Arguments that are calculated: `{"expression": "filters * 2"}`, by a small evaluator of our own. Pure.

Numbers, the parameters of the network by name, + - * / // % **, min and max. Nothing else of Python can be written,
and no number can grow so large that calculating it takes time.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

KEY = "expression"

_LONGEST_TEXT = 200  # characters; what is longer nobody reads
_LARGEST = 10**15  # a float holds every whole number up to here
_LARGEST_POWER = 64

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max}


class ExpressionFault(Exception):
    """Why an expression has no value, in one sentence for the user; `unknown` is a name that nothing has."""

    def __init__(self, message: str, unknown: str = "") -> None:
        super().__init__(message)
        self.unknown = unknown


def expression(text: str) -> dict[str, str]:
    """The value of an argument that is calculated."""
    return {KEY: text}


def expression_text(value: Any) -> str | None:
    """The text of a calculated argument, None for a plain value."""
    if isinstance(value, Mapping) and len(value) == 1 and isinstance(value.get(KEY), str):
        return value[KEY]
    return None


def has_expression(value: Any) -> bool:
    """Whether a value is calculated or holds something that is."""
    if isinstance(value, dict):
        return expression_text(value) is not None or any(map(has_expression, value.values()))
    return isinstance(value, list | tuple) and any(map(has_expression, value))


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression. A name alone gives its value whatever that is; whoever calculates needs numbers.

    Raises ExpressionFault."""
    tree = _parsed(text)
    if isinstance(tree, ast.Name):
        return _named(tree.id, values)
    return _number(tree, values)


def resolved(value: Any, values: Mapping[str, Any]) -> Any:
    """A value with every expression in it calculated. Raises ExpressionFault."""
    text = expression_text(value)
    if text is not None:
        return evaluate(text, values)
    if isinstance(value, dict):
        return {key: resolved(item, values) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(item, values) for item in value]
    return value


def names_in(value: Any) -> set[str]:
    """The parameters that a value's expressions use; of malformed ones none."""
    text = expression_text(value)
    if text is not None:
        try:
            tree = _parsed(text)
        except ExpressionFault:
            return set()
        return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(_FUNCTIONS)
    if isinstance(value, dict):
        return set().union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list | tuple) else set()


def substituted(value: Any, given: Mapping[str, Any]) -> Any:
    """A value with the names of its expressions replaced by what is given for them, itself perhaps an expression; and
    calculated where only numbers are left. Raises ExpressionFault."""
    text = expression_text(value)
    if text is None:
        if isinstance(value, dict):
            return {key: substituted(item, given) for key, item in value.items()}
        return [substituted(item, given) for item in value] if isinstance(value, list | tuple) else value
    tree = _parsed(text)
    if isinstance(tree, ast.Name) and tree.id in given:
        return given[tree.id]
    replaced = ast.unparse(_Replace(given).visit(ast.parse(ast.unparse(tree), mode="eval").body))
    return expression(replaced) if names_in(expression(replaced)) else evaluate(replaced, {})


class _Replace(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in _FUNCTIONS or node.id not in self.given:
            return node
        value = self.given[node.id]
        text = expression_text(value)
        return _parsed(repr(value) if text is None else text)


@lru_cache(maxsize=2000)
def _parsed(text: str) -> ast.expr:
    """The tree of an expression. Raises ExpressionFault."""
    if len(text) > _LONGEST_TEXT:
        raise ExpressionFault(f"an expression has at most {_LONGEST_TEXT} characters")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionFault(f"“{text}” is no expression") from None


def _named(name: str, values: Mapping[str, Any]) -> Any:
    if name in values:
        return values[name]
    raise ExpressionFault(f"the network has no parameter {name}", name)


def _number(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    match tree:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _within(value)
        case ast.Name(id=name):
            value = _named(name, values)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ExpressionFault(f"{name} is no number and cannot be calculated with")
            return _within(value)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _UNARY[type(op)](_number(operand, values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _calculated(op, _number(left, values), _number(right, values))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS and len(args) > 1:
            return _FUNCTIONS[name](*(_number(argument, values) for argument in args))
    raise ExpressionFault(f"“{ast.unparse(tree)}” is more than + - * / // % ** min max can say")


def _calculated(op: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(op, ast.Pow) and (abs(right) > _LARGEST_POWER or (left < 0 and not float(right).is_integer())):
        raise ExpressionFault(f"{left} ** {right} is no power that can be calculated here")
    try:
        return _within(_BINARY[type(op)](left, right))
    except ZeroDivisionError:
        raise ExpressionFault("an expression divides by zero") from None
    except OverflowError:
        raise ExpressionFault("an expression gives a number that is too large") from None


def _within(value: Any) -> Any:
    if (isinstance(value, float) and not math.isfinite(value)) or abs(value) > _LARGEST:
        raise ExpressionFault("an expression gives a number that is too large")
    return value
