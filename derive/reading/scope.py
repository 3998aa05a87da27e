"""The scope of elaboration: what every symbol, letter, function and operator means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.equations import Model, Notation, Range, Tensor, adjoint_name
from derive.errors import IllFormed
from derive.expr import TIES, Add, Apply, Product, Value, Winner, number, walk
from derive.index import Axis, Index, Size, surely_nonnegative
from derive.reading.abbreviations import Abbreviations
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.lexicon import Entry, Lexicon
from derive.reading.names import readable, whole
from derive.reading.problems import Entries

STANDARD_OPERATORS: Mapping[str, str] = {
    r"\odot": "elementwise",
    r"\circ": "elementwise",
    r"\bullet": "elementwise",
    "@": "matmul",
}
OPERATOR_MEANINGS = (
    "convolution", "correlation", "valid convolution", "full convolution", "same convolution",
    "valid correlation", "full correlation", "same correlation", "matmul", "elementwise", "dot",
    "outer",
    "valid convolution over depth", "full convolution over depth", "convolution over depth",
    "valid correlation over depth", "full correlation over depth", "correlation over depth",
)  # fmt: skip
"""What `operators` in front matter may declare."""

Origins = Mapping[str, tuple[Index, ...]]


@dataclass(frozen=True)
class Scope:
    """What symbols (`lexicon`), letters (indices and sizes), functions and operators mean.

    ``loss`` is the tensor whose gradients ∂L/∂T are; ``given`` holds the ranges of quantified
    letters, ``values`` those of the sizes; ``means`` the sizes over which the loss is a mean,
    ``nonnegative`` what is never below 0 where letters run so; ``labels`` the symbols of class
    labels; ``ties`` says who wins a tie of a maximum; ``defining`` lets a left side that could be
    a gradient be defined by its right side; ``outside``
    says whether ``gradients`` or ``all`` tensors are zero outside their ranges; ``one_step`` takes
    derivatives through one step of a recurrence alone; ``abbreviations`` stand for expressions at
    the time of a formula; ``assumptions`` collects what was assumed.
    """

    lexicon: Lexicon
    letters: Mapping[str, Index] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    loss: str | None = None
    model: Model | None = None
    given: Mapping[str, Axis] = field(default_factory=dict)
    values: Mapping[Size, int] = field(default_factory=dict)
    means: tuple[str, ...] = ()
    nonnegative: tuple[Index, ...] = ()
    labels: frozenset[str] = frozenset()
    ties: str = "first"
    defining: bool = False
    outside: frozenset[str] = frozenset()
    one_step: str = ""
    abbreviations: Abbreviations = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)

    def quantify(self, axis: Axis) -> Scope:
        """The same scope with a range for a letter; it hides a size of the same name."""
        letters = {k: v for k, v in self.letters.items() if k != axis.name}
        return replace(self, letters=letters, given={**self.given, axis.name: axis})

    def with_letters(self, more: Mapping[str, Index]) -> Scope:
        """The same scope with these letters too; they hide others of the same name."""
        return replace(self, letters={**self.letters, **more})

    def declare(self, *entries: Entry) -> Scope:
        """The same scope with these symbols too."""
        return replace(self, lexicon=self.lexicon.declare(*entries))

    def declare_operator(self, operator: str, meaning: str) -> Scope:
        """The same scope where ``operator`` has this meaning."""
        return replace(self, operators={**self.operators, operator: meaning})

    def accept(self, declaration: Entry | Entries | tuple[str, str]) -> Scope:
        """The same scope with what a `Reading` declares: symbols, or an operator's meaning."""
        match declaration:
            case Entry():
                return self.declare(declaration)
            case Entries(entries):
                return self.declare(*entries)
        return self.declare_operator(*declaration)

    def afresh(self) -> Scope:
        """The same scope with nothing assumed yet."""
        return replace(self, assumptions=[])

    def note(self, text: str) -> None:
        """Record an assumption once."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def holds(self, difference: Index) -> bool:
        """Whether ``difference >= 0``: for all sizes, or, as an assumption, at their values."""
        if surely_nonnegative(difference):
            return True
        if difference.axes or not difference.sizes <= self.values.keys():
            return False
        if difference.evaluate(lambda s: self.values[s]) < 0:  # type: ignore[index]
            return False
        self.note(f"{difference} is at least 0")
        return True

    @property
    def sizes(self) -> dict[str, Index]:
        """The letters that are sizes, or numbers."""
        return {k: v for k, v in self.letters.items() if not v.axes}

    @property
    def objective(self) -> str:
        """What gradients are of, as plain text: the loss as written, L where there is none."""
        if self.loss is None or self.model is None:
            return "L"
        return whole(self.model.tensors[self.loss].notation)

    def running(self, letter: str) -> bool:
        """True where ``letter`` is a running index in scope, not a size."""
        index = self.letters.get(letter)
        return index is not None and bool(index.axes)


def model_scope(model: Model, origins: Origins | None = None) -> Scope:
    """The scope of a model's own symbols.

    ``origins`` gives tensors another origin: a written index k means k + offset, for the tensor and
    its adjoint alike.
    """
    entries = [tensor_entry(t, (origins or {}).get(t.name, ())) for t in model.tensors.values()]
    functions = {**STANDARD_FUNCTIONS, **STANDARD_ARRAY_FUNCTIONS, **model.functions}
    return Scope(
        Lexicon.of(entries, functions),
        letters={**{s.name: Index.of(s) for s in model.sizes}, **model.named},
        functions=functions,
        operators={**STANDARD_OPERATORS, **model.operators},
        loss=model.loss,
        model=model,
        given={letter: Axis(letter, *bounds) for letter, bounds in model.clock.items()},
        values=model.sizes,
        means=_means(model),
        labels=frozenset(model.given.labels),
        ties=_ties(model),
    )


def _means(model: Model) -> tuple[str, ...]:
    """The sizes n for which the loss, or a term of it, begins with 1/n or 1/2n."""
    if model.loss is None:
        return ()
    rhs = model.by_tensor[model.loss].rhs
    terms = rhs.terms if isinstance(rhs, Add) else (rhs,)
    factors = [f for t in terms if isinstance(t, Product) for f in t.factors]
    sizes = {Index.of(s): s.name for s in model.sizes}
    counts = [f.arguments for f in factors if isinstance(f, Apply) and f.function == "pow"]
    below = [base for base, exponent in counts if exponent == number(-1)]
    parts = [p for base in below for p in (base.factors if isinstance(base, Product) else (base,))]
    found = (sizes[p.index] for p in parts if isinstance(p, Value) and p.index in sizes)
    return tuple(dict.fromkeys(found))


def _ties(model: Model) -> str:
    """The rule by which the model's maxima decide a tie."""
    winners = (n for e in model.equations for n in walk(e.rhs) if isinstance(n, Winner))
    return next((w.tie for w in winners), TIES[0])


def numeric_scope(model: Model, origins: Origins | None = None) -> Scope:
    """The scope of ``model.at_sizes()``, in which the sizes' names are numbers."""
    numbers = {s.name: Index.of(v) for s, v in model.sizes.items()}
    scope = model_scope(model.at_sizes(), origins).with_letters(numbers)
    return replace(scope, means=_means(model))


def tensor_entry(tensor: Tensor, offsets: tuple[Index, ...] = ()) -> Entry:
    """The symbol that denotes a tensor, counted from another origin if ``offsets`` are given."""
    return Entry(
        tensor.notation,
        tensor.rank,
        tensor.name,
        ranges=_counted(tensor.ranges, offsets),
        offsets=offsets,
        row=tensor.row,
    )


def _counted(ranges: tuple[Range, ...], offsets: tuple[Index, ...]) -> tuple[Range, ...]:
    if not offsets:
        return ranges
    return tuple((lo - o, hi - o) for (lo, hi), o in zip(ranges, offsets, strict=True))


def adjoint_entry(entry: Entry) -> Entry:
    """The symbol for the adjoint of what ``entry`` denotes. Raises `IllFormed` for a definition."""
    if entry.body is not None:
        raise IllFormed(
            f"{readable(entry.notation.head)} is a definition, not a tensor of the model"
        )
    return replace(entry, tensor=adjoint_name(entry.tensor))


def with_prefix(scope: Scope, prefix: str) -> Scope:
    r"""The scope in which ``prefix`` (``\Delta``) before a tensor's symbol denotes its adjoint."""
    plain = [e for e in scope.lexicon.entries.values() if not e.prefix and e.body is None]
    return scope.declare(*(replace(adjoint_entry(e), prefix=prefix) for e in plain))


def with_accent(scope: Scope, accent: str) -> Scope:
    r"""The scope in which ``accent`` (``\bar``) on a tensor's symbol denotes its adjoint."""
    entries = []
    for e in scope.lexicon.entries.values():
        if not e.prefix and e.body is None:
            notation = replace(e.notation, head=f"{accent}{{{e.notation.head}}}")
            entries.append(replace(adjoint_entry(e), notation=notation))
    return scope.declare(*entries)


def with_scalar(scope: Scope, latex: str, name: str) -> Scope:
    """The scope in which ``latex`` is a number called ``name`` in the core."""
    return scope.declare(Entry(Notation(latex), 0, name, ranges=()))
