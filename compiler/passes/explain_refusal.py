"""One problem for one call that Keras refuses: what is wrong in the user's words, and what would mend it."""

from __future__ import annotations

from ..changes import SetShares, UnsetParameter
from ..problems import Fix, Problem
from .draft import Draft
from .merge_refusals import unequal_shapes
from .rank_refusals import recurrent_without_sequence, wrong_rank
from .refusal_case import RefusalCase
from .size_refusals import negative_input, reshape_of_other_size, unknown_size, window_too_large


def explain_refusal(draft: Draft, node: str) -> Problem:
    """The explanation of the first rule that knows this refusal, else Keras' own reason."""
    case = RefusalCase(draft, node)
    for rule in _RULES:
        problem = rule(case)
        if problem is not None:
            return problem
    return _in_keras_words(case)


def shared_with_other_sizes(case: RefusalCase) -> Problem | None:
    if case.owner == case.node:
        return None
    name, owner = case.name, case.draft.name(case.owner)
    own = SetShares(cell=case.draft.network.id, node=case.node, shares=None)
    copied = [case.set(case.node, parameter, value) for parameter, value in case.params.items()]
    message = f"{name} gets another size than {owner}, whose weights it shares."
    return case.problem("S201", message, Fix(f"Give {name} weights of its own", (own, *copied)))


def _in_keras_words(case: RefusalCase) -> Problem:
    parameter = case.draft.shapes[case.node].refused_parameter
    if not parameter:
        return case.problem("S201", f"{case.name} cannot be called: {case.reason}", help=case.kind.help)
    declared = case.kind.parameters.get(parameter)
    unset = None
    if declared is not None and not declared.required and parameter in case.params:
        change = UnsetParameter(cell=case.draft.network.id, node=case.owner, parameter=parameter)
        unset = Fix(f"Leave {parameter} out", (change,))
    return case.problem(
        "S209",
        f"{parameter} of {case.name} is refused: {case.reason}",
        unset,
        help=declared.help if declared else "",
        parameter=parameter,
    )


_RULES = (
    shared_with_other_sizes,
    recurrent_without_sequence,
    wrong_rank,
    unequal_shapes,
    window_too_large,
    reshape_of_other_size,
    unknown_size,
    negative_input,
)
