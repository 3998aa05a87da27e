"""The equations of a plan as functions over a block of samples, and what lies before and after.

A tensor that the samples carry is computed in the functions ``_forward``, ``_loss`` and
``_backward``, block by block. One that they add to (a loss, a parameter's gradient) collects its
sums there; what no sample enters is computed once, early or, where it needs those sums, late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from derive.emitting.layout import WIDTH, comment
from derive.emitting.text import tuple_of
from derive.equations import Equation, adjoint_name, adjoint_of
from derive.errors import IllFormed
from derive.expr import Delta, Expr, Guard, walk
from derive.looping.equations import Body, fresh_body, mixed, names_in
from derive.looping.recurrences import repeated
from derive.looping.scalar import Store
from derive.looping.terms import terms
from derive.plain import plain
from derive.plan import Plan
from derive.planning.recurrent import Recurrence
from derive.steps import Derivation

OWN = frozenset(
    "V real lane x value greater lanes part parts block blocks samples arrays others sums rows "
    "same numba".split()
)
"""Names that the functions use themselves, besides letters with a number and the endings below."""

_LETTER = re.compile(r"[abctV]\d+|search_\d+|.*_(rows|parts|results|turned|most|place|count)")


@dataclass(frozen=True)
class Function:
    """One function over a block: its name, the arrays that it takes, and its lines."""

    name: str
    arguments: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def call(self) -> str:
        return f"{self.name}({', '.join(('lanes', *self.arguments))})"


@dataclass
class Loops:
    """The functions by name, the arrays behind every tensor, and what is computed once."""

    plan: Plan
    stores: dict[str, Store]
    functions: dict[str, Function] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    early: dict[str, list[str]] = field(default_factory=dict)
    late: dict[str, list[str]] = field(default_factory=dict)

    @property
    def batched(self) -> bool:
        return self.plan.model.batch is not None


def loops(plan: Plan) -> Loops:
    """All equations of the plan as loops.

    Raises `IllFormed` where one sample needs another's numbers.
    """
    found = Loops(plan, _stores(plan))
    taken = {*plan.names, *OWN, *(s.variable for s in found.stores.values())}
    for name, steps, title in (
        ("_forward", plan.predict, "The tensors up to the prediction."),
        ("_loss", plan.score, "What depends on the targets."),
        ("_backward", plan.backward, "The adjoints, in reverse order."),
    ):
        body = fresh_body(found.stores, taken)
        for step in steps:
            if isinstance(step, Recurrence):
                _repeated(found, body, step)
                continue
            equation, rhs = _form(step.equation, plan.derivations)
            _written(found, body, equation, rhs, taken)
        if body.nest.lines:
            found.functions[name] = _function(name, title, body, found)
    return found


def _stores(plan: Plan) -> dict[str, Store]:
    """Without a batch everything but the parameters is one sample's."""
    model = plan.model
    result = {}
    taken = {*plan.names, *OWN}
    for tensor, entry in model.tensors.items():
        batched = entry.rank > 0 and entry.extents[0].value is None
        lanes = batched if model.batch else tensor not in model.parameters
        ranges = entry.ranges[1:] if batched else entry.ranges
        for name in (tensor, adjoint_name(tensor)):
            variable = plan.variables[name]
            if variable in OWN or _LETTER.fullmatch(variable):
                variable = _apart(variable, taken)
            result[name] = Store(variable, ranges, lanes, batched)
    return result


def _apart(variable: str, taken: set[str]) -> str:
    """The name with underscores behind, until it is nobody's."""
    while variable in taken or _LETTER.fullmatch(variable):
        variable += "_"
    taken.add(variable)
    return variable


def _form(equation: Equation, derived: Mapping[str, Derivation]) -> tuple[Equation, Expr]:
    """The gather form where it has no brackets, else the raw sum, which reads nothing outside."""
    tensor = adjoint_of(equation.tensor)
    if tensor is None:
        return equation, equation.rhs
    derivation = derived[tensor]
    gather = derivation.equation
    brackets = any(isinstance(n, Guard | Delta) for n in walk(gather.rhs))
    return gather, derivation.scatter if brackets else gather.rhs


def _repeated(found: Loops, body: Body, step: Recurrence) -> None:
    """Raises `IllFormed` for a recurrence that no sample enters."""
    called = {name: store.variable for name, store in found.stores.items()}
    equations = [part.equation for part in (*step.begin, *step.places)]
    reads = {r for equation in equations for r in equation.reads}
    for tensor in step.computed:
        if not found.stores[tensor].lanes:
            said = plain(next(e for e in reversed(equations) if e.tensor == tensor), called)
            raise IllFormed(
                f"{said} is a recurrence that no sample enters: the loops of this target run over"
                " samples",
                advice="emit the target numpy",
            )
        if reads & {*found.late, *found.added}:
            raise mixed(tensor)

    def comments(equation: Equation, indent: int) -> list[str]:
        return [line[indent:] for line in comment(plain(equation, called), indent)]

    body.nest.put("")
    repeated(body, step, comments)


def _written(found: Loops, body: Body, equation: Equation, rhs: Expr, taken: set[str]) -> None:
    tensor = equation.tensor
    reads_late = [t for t in equation.reads if t in found.late or t in found.added]
    called = {name: store.variable for name, store in found.stores.items()}
    said = list(comment(plain(equation, called), 4))
    if found.stores[tensor].lanes:
        if reads_late:
            raise mixed(tensor)
        body.nest.lines += ["", *said]
        body.lanes(tensor, equation.axes, rhs)
        return
    everything = terms(equation.axes, rhs)
    from_samples = [t for t in everything if t.lane is not None or not found.batched]
    apart = [t for t in everything if t not in from_samples]
    if from_samples:
        if reads_late:
            raise mixed(tensor)
        found.added.append(tensor)
        body.nest.lines += ["", *said]
        body.totals(tensor, from_samples)
    home = found.late if from_samples or reads_late else found.early
    once = fresh_body(found.stores, taken)
    once.apart(tensor, apart)
    home[tensor] = [*(said if apart else []), *once.nest.lines]


def _function(name: str, title: str, body: Body, found: Loops) -> Function:
    words = set(names_in(body.nest.lines))
    arguments = [s.variable for s in found.stores.values() if s.variable in words]
    arguments = [*dict.fromkeys(arguments), *(["batch"] if "batch" in words else [])]
    head = [f"    {a}," for a in _packed(["lanes", *arguments])]
    lines = (
        "@_jit",
        f"def {name}(",
        *head,
        "):",
        f'    """{title}"""',
        "    V = len(lanes)",
        *real_line(arguments[0], body.nest.lines),
        *(f"    {name} = {k} * V" for k, name in sorted(body.nest.scalar.multiples.items())),
        *body.nest.lines,
    )
    return Function(name, tuple(arguments), lines)


def real_line(array: str, lines: Sequence[str]) -> list[str]:
    """The type of the numbers, where the lines need it."""
    return [f"    real = {array}.dtype.type"] if "real" in names_in(lines) else []


def listed(name: str, items: Sequence[str]) -> list[str]:
    """``name = (items)`` on one line or on several."""
    line = f"    {name} = {tuple_of(items)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"    {name} = (", *(f"        {a}," for a in _packed(items)), "    )"]


def _packed(words: Iterable[str], width: int = WIDTH - 9) -> list[str]:
    """Words joined by commas in lines of at most this width."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) + 2 <= width:
            lines[-1] += f", {word}"
        else:
            lines.append(word)
    return lines


def call(name: str, arguments: Sequence[str], depth: int) -> list[str]:
    """A call on one line or on several."""
    pad = "    " * depth
    line = f"{pad}{name}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    packed = _packed(arguments, WIDTH - len(pad) - 5)
    return [f"{pad}{name}(", *(f"{pad}    {a}," for a in packed), f"{pad})"]
