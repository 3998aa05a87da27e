"""Lines about chunks: the order of axes inside, and the sum over chunks."""

from __future__ import annotations

from derive.emitting.flow import own_tensors
from derive.emitting.layout import WIDTH, dictionary
from derive.emitting.text import tuple_of
from derive.plan import Plan


def inside_table(plan: Plan) -> list[str]:
    """The order of axes inside, of everything that comes in or goes out."""
    if not plan.orders:
        return []
    shown = [*plan.model.inputs, *own_tensors(plan, (*plan.predict, *plan.score)), *plan.wrt]
    rows = ((n, tuple_of(plan.orders[n])) for n in dict.fromkeys(shown) if n in plan.orders)
    note = "# Which axis outside each axis inside is: rows of an image first, samples last."
    table = dictionary("INSIDE: dict[str, Ints] = ", rows, indent=0)
    if plan.chunk is None:
        return ["", note, *table]
    chunk = f"CHUNK = {dict(plan.chunk)}  # samples at a time, by the bytes of a number"
    return ["", note, *table, chunk]


def sum_lines(one: str) -> list[str]:
    """The return of a sum over chunks."""
    line = f"    return _summed(lambda part: {one}, inputs, xp)"
    return (
        [line]
        if len(line) <= WIDTH
        else ["    return _summed(", f"        lambda part: {one}, inputs, xp", "    )"]
    )
