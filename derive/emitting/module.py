"""The text of an emitted module, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.emitting.blocks import Block, block_lines
from derive.emitting.carried import carried, functions
from derive.emitting.chunk_lines import inside_table, sum_lines
from derive.emitting.flow import cached, needs_whole, own_tensors, sources
from derive.emitting.fused_lines import fused_lines
from derive.emitting.fusing import fused
from derive.emitting.header import header
from derive.emitting.initial import extents, init_lines
from derive.emitting.layout import dictionary, prose, quoted, signature
from derive.emitting.optimiser import update_lines, update_step
from derive.emitting.text import tuple_of
from derive.emitting.update_step import function_name, step_lines
from derive.equations import Model, adjoint_name
from derive.plan import Plan, Step

FACE = "params: Arrays, inputs: Arrays, *, xp: Any = np"

DIRECT = "    xp = _direct(xp)"

OWN_FUNCTIONS = frozenset({"_forward", "_loss", "_gradients"})

KEEP = "_keep_freed_memory()"

RAISES = "Raises ValueError for an array that is missing or has another shape or dtype."

SAVE_AND_LOAD = '''\
def save(path: str | os.PathLike[str], params: Arrays) -> None:
    """Write parameters to an .npz file, whole or not at all."""
    _write(path, {name: _to_numpy(params[name]) for name in PARAMETERS})


def load(path: str | os.PathLike[str], xp: Any = np) -> Arrays:
    """Read parameters that save wrote.

    Raises ValueError where a parameter is missing or has another shape.
    """
    with np.load(path, allow_pickle=False) as file:
        params = {name: xp.asarray(file[name]) for name in file.files}
    _check(params, {}, ())
    return params
'''


def module(plan: Plan, command: str) -> str:
    """The whole source; ends with a newline."""
    step = update_step(plan.source)
    plan, chains = fused(plan, {*functions(), *OWN_FUNCTIONS, function_name(step.rule)})
    sections = [
        [*tables(plan), *inside_table(plan)],
        init_lines(plan),
        _forward(plan),
        _loss_and_gradients(plan),
        update_lines(plan.source),
        SAVE_AND_LOAD.splitlines(),
        _inner_gradients(plan),
        _inner_forward(plan),
        _inner_loss(plan),
    ]
    body = [line for section in sections if section for line in (*stripped(section), "", "")]
    last = ["", "", KEEP] if plan.chunk else []
    kernels = [line for f in chains for line in ("", "", *fused_lines(f))]
    kernels += ["", "", "@_fused", *step_lines(step)]
    imports, helpers = carried("\n".join([*body, *kernels, *last]))
    whole = [*header(plan, command), *imports, *body, *helpers, *kernels, *last]
    return "\n".join(whole) + "\n"


def stripped(lines: Sequence[str]) -> list[str]:
    """Without blank lines at the end."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _table(name: str, model: Model, tensors: Iterable[str]) -> list[str]:
    rows = ((t, [quoted(n) if n == "batch" else n for n in extents(model, t)]) for t in tensors)
    items = ((tensor, tuple_of(extents)) for tensor, extents in rows)
    return dictionary(f"{name}: Shapes = ", items, indent=0)


def tables(plan: Plan) -> list[str]:
    """What goes in: shapes of inputs and parameters, and the inputs that only the loss needs."""
    model = plan.model
    targets = tuple_of([quoted(n) for n in plan.targets])
    return [
        *_table("INPUTS", model, model.inputs),
        *_table("PARAMETERS", model, model.parameters),
        *([f"TARGETS = {targets}  # only the loss needs them"] if plan.targets else []),
    ]


def listed(title: str, model: Model, names: Sequence[str]) -> list[str]:
    """A paragraph of names with shapes."""
    shapes = (f"{n} ({', '.join(extents(model, n)) or 'a number'})" for n in names)
    return prose(f"{title}: {', '.join(shapes)}.", 4, hanging=4) if names else []


def forward_head(plan: Plan) -> list[str]:
    """Signature and docstring of ``forward``."""
    model = plan.model
    early = [n for n in model.inputs if n not in plan.targets]
    return [
        f"def forward({FACE}) -> Arrays:",
        '    """Every tensor of the model, by name.',
        "",
        *listed("params", model, model.parameters),
        *listed("inputs", model, early),
        *listed("inputs that may be left out", model, plan.targets),
        *listed("Returns", model, own_tensors(plan, plan.predict)),
        *listed("Returns where no input is left out", model, own_tensors(plan, plan.score)),
        "",
        f"    {RAISES}",
        '    """',
    ]


def _forward(plan: Plan) -> list[str]:
    lines = forward_head(plan)
    inside = ["    inside = _inside(inputs, xp)"] if plan.orders else []
    given = "inside" if plan.orders else "inputs"
    count = "_count(inputs)"
    call = f"tensors = {_forward_call(plan, given, count)}{'[0]' if cached(plan) else ''}"
    if "cache" in _loss_arguments(plan):
        call = f"tensors, cache = {_forward_call(plan, given, count)}"
    back = "_outside(tensors, xp)" if plan.orders else "tensors"
    if not plan.targets:
        return [
            *lines,
            "    _check(params, inputs, INPUTS)",
            DIRECT,
            *inside,
            f"    {call}",
            f"    return {back}",
        ]
    return [
        *lines,
        "    complete = all(name in inputs for name in TARGETS)",
        "    wanted = [name for name in INPUTS if complete or name not in TARGETS]",
        "    _check(params, inputs, wanted)",
        DIRECT,
        *inside,
        f"    {call}",
        "    if complete:",
        f"        tensors |= {_loss_call(plan, given, count)}",
        f"    return {back}",
    ]


def _forward_call(plan: Plan, inputs: str = "inputs", whole: str = "whole") -> str:
    count = [whole] if needs_whole(plan.predict) else []
    return f"_forward({', '.join(['params', inputs, *count, 'xp'])})"


def _loss_arguments(plan: Plan) -> list[str]:
    homes = {home for _, home, _ in sources(plan, plan.score)}
    homes |= {"whole"} if needs_whole(plan.score) else set()
    return [a for a in ("tensors", "inputs", "params", "cache", "whole") if a in homes]


def _loss_call(plan: Plan, inputs: str = "inputs", whole: str = "whole") -> str:
    names = {"inputs": inputs, "whole": whole}
    return f"_loss({', '.join(names.get(a, a) for a in _loss_arguments(plan))}, xp)"


def _block(plan: Plan, steps: Sequence[Step]) -> list[str]:
    return block_lines(Block(plan, tuple(steps), tuple(sources(plan, steps))))


def _inner_forward(plan: Plan) -> list[str]:
    tensors = [(n, plan.variables[n]) for n in own_tensors(plan, plan.predict)]
    cache = [(v, v) for v in cached(plan)]
    kind = "tuple[Arrays, Arrays]" if cache else "Arrays"
    also = ", and what the backward pass uses again" if cache else ""
    count = ["whole: int"] if needs_whole(plan.predict) else []
    arguments = ["params: Arrays", "inputs: Arrays", *count, "xp: Any"]
    lines = [
        *signature("_forward", arguments, kind),
        f'    """The tensors up to the prediction{also}."""',
        *_block(plan, plan.predict),
        "",
    ]
    if not cache:
        return [*lines, *dictionary("return ", tensors)]
    return [
        *lines,
        *dictionary("tensors = ", tensors),
        *dictionary("cache = ", cache),
        "    return tensors, cache",
    ]


def _inner_loss(plan: Plan) -> list[str]:
    if not plan.score:
        return []
    given = (f"{a}: {'int' if a == 'whole' else 'Arrays'}" for a in _loss_arguments(plan))
    return [
        *signature("_loss", [*given, "xp: Any"], "Arrays"),
        '    """What depends on the targets."""',
        *_block(plan, plan.score),
        "",
        *dictionary("return ", [(n, plan.variables[n]) for n in own_tensors(plan, plan.score)]),
    ]


def _loss_and_gradients(plan: Plan) -> list[str]:
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
        "    _check(params, inputs, INPUTS)",
        DIRECT,
    ]
    if plan.chunk is None:
        inside = ["    inputs = _inside(inputs, xp)"] if plan.orders else []
        return [*lines, *inside, *_backward(plan)]
    whole, given = _whole(plan)
    return [
        *lines,
        *([f"    {whole} = _count(inputs)"] if whole else []),
        *sum_lines(f"_gradients(params, part, {given}xp)"),
    ]


def _whole(plan: Plan) -> tuple[str, str]:
    """The variable for the number of samples, and as an argument, where it is needed."""
    needed = needs_whole((*plan.score, *plan.predict, *plan.backward))
    return ("whole", "whole, ") if needed else ("", "")


def _inner_gradients(plan: Plan) -> list[str]:
    """What a chunk adds, a function of its own."""
    if plan.chunk is None:
        return []
    whole = ["whole: int"] if _whole(plan)[0] else []
    arguments = ["params: Arrays", "inputs: Arrays", *whole, "xp: Any"]
    return [
        *signature("_gradients", arguments, "tuple[Array, Arrays]"),
        '    """What the samples of a chunk add to the loss and to its gradients."""',
        *_backward(plan),
    ]


def _backward(plan: Plan) -> list[str]:
    """Forward pass and adjoints, to the return."""
    loss = f"tensors[{quoted(plan.model.loss or '')}]"
    pairs = [(n, plan.variables[adjoint_name(n)]) for n in plan.wrt]
    if any(n in plan.orders for n in plan.wrt):
        grads = [*dictionary("grads = ", pairs), f"    return {loss}, _outside(grads, xp)"]
    else:
        grads = dictionary(f"return {loss}, ", pairs)
    return [
        f"    tensors{', cache' if cached(plan) else ''} = {_forward_call(plan)}",
        *([f"    tensors |= {_loss_call(plan)}"] if plan.score else []),
        *_block(plan, plan.backward),
        "",
        *grads,
    ]
