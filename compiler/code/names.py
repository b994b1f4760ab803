"""Which names a piece of Python defines and uses at its top level, found without running it. Pure."""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from dataclasses import dataclass
from functools import lru_cache

_BUILTIN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "display"}


@dataclass(frozen=True, slots=True)
class CodeNames:
    """`defined` are names that other cells may use, `imported` those of them that only imports bind; names that begin
    with an underscore stay in their cell. `used` are names that must come from elsewhere. `fault` and `line` tell why
    and where the code cannot be read; then there are no names."""

    defined: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    fault: str = ""
    line: int = 0


@lru_cache(maxsize=256)
def code_names(code: str) -> CodeNames:
    """The names of a code cell."""
    try:
        with warnings.catch_warnings():
            # An odd escape in somebody's text is told when the cell runs.
            warnings.simplefilter("ignore")
            # Told of the text itself: its lines are those that a person sees.
            tree = _Scoped().visit(ast.parse(code))
            compile(code, "cell", "exec", dont_inherit=True)
            table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    except SyntaxError as error:
        return CodeNames(fault=_one_line(error.msg or "the code cannot be read"), line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return CodeNames(fault=_one_line(str(error) or "the code is too deeply nested"))
    bound = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    imported = {one.get_name() for one in table.get_symbols() if one.is_imported() and not _assigned_too(code, one)}
    used = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    for scope in _inside(table):
        for one in scope.get_symbols():
            if one.is_global() and one.is_referenced():
                used.add(one.get_name())
            if one.is_declared_global() and one.is_assigned():
                bound.add(one.get_name())
    public = frozenset(name for name in bound if not name.startswith("_"))
    return CodeNames(public, frozenset(imported & public), frozenset(used - bound - _BUILTIN))


class _Scoped(ast.NodeTransformer):
    """Makes generators of comprehensions. Since Python 3.12 the names of a comprehension stand among those of the scope
    around it, as if they were assigned there; those of a generator never do."""

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self.generic_visit(ast.GeneratorExp(node.elt, node.generators))

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self.generic_visit(ast.GeneratorExp(node.elt, node.generators))

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self.generic_visit(ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators))


def _inside(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    found = []
    waiting = list(table.get_children())
    while waiting:
        scope = waiting.pop()
        found.append(scope)
        waiting += scope.get_children()
    return found


def _assigned_too(code: str, symbol: symtable.Symbol) -> bool:
    """Whether a name that is imported is bound in another way too."""
    name = symbol.get_name()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name:
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            return True
    return False


def _one_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else text
