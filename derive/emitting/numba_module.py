"""The text of an emitted Numba module: loop nests over blocks of samples, on several threads.

A block of samples lies side by side in memory, so that every loop over a tensor ends in a
contiguous one whatever windows, strides and flips its equation has; the samples that fill no block
run through the same loops alone. Threads take parts of the batch whose number does not depend on
theirs, and the parts' sums are added in order: results do not change from run to run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.emitting.flow import own_tensors
from derive.emitting.header import header
from derive.emitting.initial import init_lines
from derive.emitting.layout import WIDTH, dictionary, quoted
from derive.emitting.module import (
    FACE,
    RAISES,
    SAVE_AND_LOAD,
    forward_head,
    listed,
    stripped,
    tables,
)
from derive.emitting.numba_blocks import Loops, loops
from derive.emitting.numba_carried import carried
from derive.emitting.numba_parts import Family, family_lines
from derive.emitting.optimiser import update_lines, update_step
from derive.emitting.text import tuple_of
from derive.emitting.update_step import step_lines
from derive.equations import adjoint_name
from derive.plan import Plan

HOST_ONLY = '''\
def _on_the_host(xp: Any) -> None:
    """Raise ValueError for another array namespace than NumPy."""
    if xp is not np:
        raise ValueError("these loops are compiled for NumPy arrays")
'''


def numba_module(plan: Plan, command: str) -> str:
    """The whole source; ends with a newline.

    Raises `IllFormed` for a model in which the numbers of one sample depend on another's.
    """
    found = loops(plan)
    families = _families(plan, found)
    sections = [
        tables(plan),
        init_lines(plan),
        _forward(plan, families),
        _loss_and_gradients(plan, families["_gradients"]),
        update_lines(plan.source, ["    _on_the_host(xp)"]),
        SAVE_AND_LOAD.splitlines(),
        list(step_lines(update_step(plan.source))),
        HOST_ONLY.splitlines(),
    ]
    body = [line for section in sections if section for line in (*stripped(section), "", "")]
    loops_ = [line for f in found.functions.values() for line in (*f.lines, "", "")]
    loops_ += [line for family in families.values() for line in family_lines(family)]
    imports, helpers = carried("\n".join([*loops_, *body]))
    everything = [*imports, *helpers, "", "", *loops_, *stripped(body)]
    return "\n".join([*header(plan, command, "of NumPy"), *everything]) + "\n"


def _families(plan: Plan, found: Loops) -> dict[str, Family]:
    """The functions that run a whole batch, by name."""
    early, late = own_tensors(plan, plan.predict), own_tensors(plan, plan.score)
    gradients = (plan.model.loss or "", *(adjoint_name(n) for n in plan.wrt))
    rows: list[tuple[str, str, tuple[str, ...], list[str]]]
    rows = [("_predicted", "The tensors up to the prediction.", ("_forward",), early)]
    if plan.score:
        rows.append(("_completed", "All tensors.", ("_forward", "_loss"), [*early, *late]))
    everything = ("_forward", "_loss", "_backward")
    rows.append(("_gradients", "The loss and gradients.", everything, list(gradients)))
    return {row[0]: Family(found, row[0], row[1], row[2], tuple(row[3])) for row in rows}


def _forward(plan: Plan, families: Mapping[str, Family]) -> list[str]:
    lines = [*forward_head(plan), "    _on_the_host(xp)"]
    if not plan.targets:
        lines.append("    _check(params, inputs, INPUTS)")
        return [*lines, *_returned(plan, families["_predicted"], 1)]
    return [
        *lines,
        "    complete = all(name in inputs for name in TARGETS)",
        "    wanted = [name for name in INPUTS if complete or name not in TARGETS]",
        "    _check(params, inputs, wanted)",
        "    if complete:",
        *_returned(plan, families["_completed"], 2),
        *_returned(plan, families["_predicted"], 1),
    ]


def _returned(plan: Plan, family: Family, depth: int) -> list[str]:
    shaped = zip(family.results, _shaped(family, family.results), strict=True)
    return [*_run(plan, family, depth), *dictionary("return ", shaped, 4 * depth)]


def _loss_and_gradients(plan: Plan, family: Family) -> list[str]:
    model = plan.model
    lines = [
        "def loss_and_gradients(",
        f"    {FACE}",
        ") -> tuple[Array, Arrays]:",
        f'    """The loss {model.loss} and its gradients, by name.',
        "",
        *listed("params", model, model.parameters),
        *listed("inputs", model, model.inputs),
        *listed("Gradients", model, plan.wrt),
        "",
        f"    {RAISES}",
        '    """',
        "    _on_the_host(xp)",
        "    _check(params, inputs, INPUTS)",
        *_run(plan, family, 1),
    ]
    loss, *results = _shaped(family, family.results)
    return [*lines, *dictionary(f"return {loss}, ", zip(plan.wrt, results, strict=True))]


def _run(plan: Plan, family: Family, depth: int) -> list[str]:
    """``sums, rows, same = …`` with every array as the loops take it."""
    pad, tensors, model = "    " * depth, family.tensors, plan.model
    rows = [f"_rows(inputs[{quoted(tensors[v])}], samples)" for v in family.read]
    homes = {v: "inputs" if tensors[v] in model.inputs else "params" for v in family.given}
    others = [f"_plain({home}[{quoted(tensors[v])}])" for v, home in homes.items()]
    lines = [f"{pad}samples = {_samples(plan)}"]
    lines += _listing(f"{pad}arrays = ", rows, pad)
    lines += _listing(f"{pad}others = ", others, pad)
    read = {found.partition("[")[0] for v in family.results for found in [_found(family, v)]}
    read |= {"sums", "same"} if family.late else set()
    names = ", ".join(n if n in read else "_" for n in ("sums", "rows", "same"))
    lines.append(f"{pad}{names} = _in_blocks({family.name}, samples, arrays, others)")
    if family.late:
        lines.append(f"{pad}{family.name}_late(samples, *sums, *same, *others)")
    return lines


def _listing(head: str, items: Sequence[str], pad: str) -> list[str]:
    line = f"{head}[{', '.join(items)}]"
    if len(line) <= WIDTH:
        return [line]
    return [f"{head}[", *(f"{pad}    {item}," for item in items), f"{pad}]"]


def _samples(plan: Plan) -> str:
    model = plan.model
    several = (n for n in model.inputs if model.tensors[n].rank)
    first = next((n for n in several if model.tensors[n].extents[0].value is None), None)
    return "1" if first is None else f"inputs[{quoted(first)}].shape[0]"


def _found(family: Family, tensor: str) -> str:
    """The source of a result."""
    return family.order[family.loops.stores[tensor].variable]


def _shaped(family: Family, results: Sequence[str]) -> list[str]:
    """Every result in the shape of its tensor."""
    shaped = []
    for tensor in results:
        store, found = family.loops.stores[tensor], _found(family, tensor)
        dims = [*(["-1"] if store.batched else []), *map(str, store.extents)]
        if not dims:
            shaped.append(f"{found}.reshape(())[()]")
        elif store.lanes:
            shaped.append(f"{found}.reshape({tuple_of(dims)})")
        else:
            shaped.append(found)
    return shaped
