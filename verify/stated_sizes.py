"""``H = 8`` in a deck: a claim where the model fixes H, a definition where it does not."""

from __future__ import annotations

from derive.reading.names import readable
from derive.reading.statement import Statement
from derive.reading.surface import Name, Numeral
from verify.compare import Outcome
from verify.setting import Setting
from verify.verdict import Evidence, Status

ANOTHER = "right if another example is meant"


def stated_size(read: Statement, setting: Setting) -> Outcome | None:
    """The outcome for ``read``, a number for a letter; ``None`` where the letter is no size."""
    left, right = read.nodes[0], read.nodes[-1]
    if not isinstance(left, Name) or not isinstance(right, Numeral):
        return None
    model = setting.bench.model
    values = {s.name: n for s, n in model.sizes.items()}
    values |= {
        name: index.evaluate(lambda s: model.sizes[s])  # type: ignore[index]
        for name, index in model.named.items()
        if not index.axes
    }
    value = values.get(left.base)
    if value is None:
        return None
    name = readable(left.base)
    if value == right.value:
        return Outcome(Status.PROVED, f"the model has {name} = {value}", "the model's sizes")
    evidence = (Evidence("sizes", "differs", f"{name} = {value}"),)
    message = f"the model has {name} = {value}"
    if left.base in {s.name for s in model.sizes}:  # it may have any value
        said = (ANOTHER,)
        return Outcome(Status.UNDECIDED, f"{message}; {ANOTHER}", None, evidence, conditions=said)
    return Outcome(Status.REFUTED, message, None, evidence)
