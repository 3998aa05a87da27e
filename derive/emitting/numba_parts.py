"""How a batch runs through the functions over blocks: blocks, parts, threads, and sums of parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from derive.emitting.numba_blocks import Function, Loops, call, listed, real_line
from derive.emitting.text import tuple_of
from derive.looping.equations import names_in
from derive.looping.scalar import Store


@dataclass(frozen=True)
class Family:
    """Functions that call ``functions`` for all samples; ``results`` are tensors."""

    loops: Loops
    name: str
    title: str
    calls: tuple[str, ...]
    results: tuple[str, ...]

    @cached_property
    def functions(self) -> list[Function]:
        """The functions over a block that are called, in order."""
        return [self.loops.functions[f] for f in self.calls if f in self.loops.functions]

    @cached_property
    def stores(self) -> dict[str, Store]:
        """The arrays of those functions, by variable."""
        every = {s.variable: s for s in self.loops.stores.values()}
        used = dict.fromkeys(a for f in self.functions for a in f.arguments if a != "batch")
        return {v: every[v] for v in used}

    @cached_property
    def tensors(self) -> dict[str, str]:
        """The tensor behind a variable."""
        return {s.variable: n for n, s in self.loops.stores.items()}

    @cached_property
    def lanes(self) -> list[str]:
        """Arrays of a block."""
        return [v for v, s in self.stores.items() if s.lanes]

    @cached_property
    def read(self) -> list[str]:
        """Inputs that the samples carry."""
        inputs = self.loops.plan.model.inputs
        return [v for v in self.lanes if self.tensors[v] in inputs]

    @cached_property
    def kept(self) -> list[str]:
        """Results that the samples carry."""
        return [v for v in self._variables(self.results) if v in self.lanes]

    @cached_property
    def sums(self) -> list[str]:
        """Results that the samples add to, and what they need."""
        return [v for v in self.stores if self.tensors[v] in self.loops.added]

    @cached_property
    def late(self) -> list[str]:
        """Results that are finished when the sums are there, and what they need, in order."""
        wanted = set(self._variables(self.results))
        found: list[str] = []
        for tensor, lines in reversed(self.loops.late.items()):
            if lines and self.loops.stores[tensor].variable in wanted:
                wanted |= set(names_in(lines))
                found.insert(0, tensor)
        return found

    @cached_property
    def made(self) -> list[str]:
        """Of these, those that the samples do not add to."""
        return [t for t in self.late if t not in self.loops.added]

    @property
    def totals(self) -> list[str]:
        """What is summed or made from sums, as variables."""
        return [*self.sums, *self._variables(self.made)]

    @cached_property
    def early(self) -> list[str]:
        """Tensors that no sample enters and that are computed first."""
        wanted = {*self.stores, *self._variables(self.results)}
        wanted |= set(names_in([line for t in self.late for line in self.loops.late[t]]))
        known = self.loops.early
        for tensor in reversed(known):
            if self.loops.stores[tensor].variable in wanted:
                wanted |= set(names_in(known[tensor]))
        return [t for t in known if self.loops.stores[t].variable in wanted]

    @cached_property
    def given(self) -> list[str]:
        """Parameters, and inputs that the samples do not carry."""
        model, stores = self.loops.plan.model, self.loops.stores
        lines = [line for t in self.early for line in self.loops.early[t]]
        lines += [line for t in self.late for line in self.loops.late[t]]
        used = {*self.stores, *names_in(lines)}
        names = (n for n in (*model.parameters, *model.inputs) if not stores[n].lanes)
        return [stores[n].variable for n in names if stores[n].variable in used]

    @cached_property
    def same(self) -> list[str]:
        """What is computed early, as variables."""
        return self._variables(self.early)

    def _variables(self, tensors: Iterable[str]) -> list[str]:
        return [self.loops.stores[t].variable for t in tensors]

    @property
    def inputs(self) -> list[str]:
        """What the family takes from outside, after lanes, samples and batch."""
        return [*(f"{v}_rows" for v in self.read), *self.given]

    @property
    def order(self) -> dict[str, str]:
        """Where a result is found after a run: by variable, the source."""
        groups = (("sums", self.totals), ("rows", self.kept), ("same", self.same))
        return {v: f"{group}[{k}]" for group, names in groups for k, v in enumerate(names)}


def family_lines(family: Family) -> list[str]:
    """All functions of a family."""
    parts = [_part(family), _threads(family)] if family.functions else []
    sections = [*parts, _whole(family), _late(family)]
    return [line for section in sections if section for line in (*section, "", "")]


def _def(name: str, arguments: Sequence[str], title: str) -> list[str]:
    *lines, last = call(f"def {name}", arguments, 0)
    return [*lines, f"{last}:", f'    """{title}"""']


def _passed(family: Family) -> list[str]:
    """Of a part: what comes in and what goes out."""
    results = [f"{v}_results" for v in family.kept]
    return ["samples", "batch", *family.inputs, *family.same, *results] + [
        f"{v}_parts" for v in family.sums
    ]


def _part(family: Family) -> list[str]:
    given = next(a for a in _passed(family)[2:])
    lines = ["@_jit", *_def(f"{family.name}_part", ["lanes", "part", "parts", *_passed(family)],
                            "A part of the batch, block after block.")]  # fmt: skip
    lines += ["    V = len(lanes)", f"    dtype = {given}.dtype"]
    for v in family.lanes:
        lines.append(f"    {v} = np.empty({family.stores[v].size} * V, dtype)")
    lines += [f"    {v} = {v}_parts[part]" for v in family.sums]
    lines += [
        "    blocks = samples // V",
        "    for block in range(part * blocks // parts, (part + 1) * blocks // parts):",
    ]
    lines += [f"        _load({v}_rows, V * block, {v}, lanes)" for v in family.read]
    for function in family.functions:
        lines += call(function.name, ["lanes", *function.arguments], 2)
    return lines + [f"        _store({v}, V * block, {v}_results, lanes)" for v in family.kept]


def _threads(family: Family) -> list[str]:
    if not family.loops.batched:
        return []
    arguments = ["lanes", "parts", *_passed(family)]
    return [
        '@numba.njit(parallel=True, cache=_CACHE, nogil=True, error_model="numpy")',
        *_def(f"{family.name}_parts", arguments, "Parts on several threads."),
        "    for part in numba.prange(parts):",
        *call(f"{family.name}_part", ["lanes", "np.int64(part)", *arguments[1:]], 2),
    ]


def _whole(family: Family) -> list[str]:
    arguments = ["lanes", "samples", "batch", *family.inputs]
    lines = ["@_jit", *_def(family.name, arguments, family.title)]
    early = [line for t in family.early for line in _early(family, t)]
    lines += [f"    dtype = {family.inputs[0]}.dtype"]
    lines += [*real_line(family.inputs[0], early), *early]
    if family.functions:
        lines += _in_parts(family)
    rows = [f"{v}_results" for v in family.kept]
    lines += [_zeros(family.loops.stores[tensor]) for tensor in family.made]
    lines += [*listed("sums", family.totals), *listed("rows", rows), *listed("same", family.same)]
    return [*lines, "    return sums, rows, same"]


def _in_parts(family: Family) -> list[str]:
    """The parts of the batch, and their sums."""
    lines = ["    parts = min(samples // len(lanes), _MOST_PARTS)"]
    for v in family.kept:
        lines.append(f"    {v}_results = np.empty((samples, {family.stores[v].size}), dtype)")
    for v in family.sums:
        shape = tuple_of(["parts", *(family.stores[v].extents or (1,))])
        lines.append(f"    {v}_parts = np.zeros({shape}, dtype)")
    one = ["lanes", "np.int64(0)", "parts", *_passed(family)]
    if family.loops.batched:
        lines += ["    if parts > 1:"]
        lines += call(f"{family.name}_parts", ["lanes", "parts", *_passed(family)], 2)
        lines += ["    else:", *call(f"{family.name}_part", one, 2)]
    else:
        lines += call(f"{family.name}_part", one, 1)
    for v in family.sums:
        lines.append(_zeros(family.stores[v]))
        lines.append(f"    _add_parts({v}_parts.reshape(parts, -1), {v}.reshape(-1))")
    return lines


def _early(family: Family, tensor: str) -> list[str]:
    """What no sample enters and all samples read."""
    return [_zeros(family.loops.stores[tensor]), *family.loops.early[tensor]]


def _late(family: Family) -> list[str]:
    """What is added to the sums by terms that no sample enters, in place."""
    if not family.late:
        return []
    names = dict.fromkeys([*family.totals, *family.same, *family.given])
    lines = ["@_jit", *_def(f"{family.name}_late", ["batch", *names], "What no sample enters.")]
    late = [line for tensor in family.late for line in family.loops.late[tensor]]
    first = next(iter(names))
    kind = [f"    dtype = {first}.dtype"] if "dtype" in names_in(late) else []
    return [*lines, *kind, *real_line(first, late), *late]


def _zeros(store: Store) -> str:
    return f"    {store.variable} = np.zeros({tuple_of(store.extents or (1,))}, dtype)"
