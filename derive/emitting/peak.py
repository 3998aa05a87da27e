"""The most memory that an emitted ``loss_and_gradients`` takes, beside parameters and inputs."""

from __future__ import annotations

from derive.emitting.flow import cached, own_tensors
from derive.plan import Plan
from derive.planning.cost import elements
from derive.planning.memory import Ledger


def peak(plan: Plan, batch: int, width: int) -> int:
    """Bytes that are allocated at once for a batch of this many samples, at most.

    ``width`` is the bytes of a number, 4 or 8.
    """
    samples = plan.at_once(batch, width)
    ledger = Ledger(samples)
    ledger.held = {
        f"inputs {n}": _size(plan, n, samples) for n in plan.model.inputs if n in plan.orders
    }
    copies = set(ledger.held)
    tensors = own_tensors(plan, plan.predict)
    ledger.run(s for step in plan.predict for s in step.statements)
    handed = {plan.variables[n] for n in tensors} | set(cached(plan)) | copies
    ledger.leave(handed)
    ledger.run(s for step in plan.score for s in step.statements)
    handed |= {plan.variables[n] for n in own_tensors(plan, plan.score)}
    ledger.leave(handed)
    ledger.run(s for step in plan.backward for s in step.statements)
    gradients = sum(_size(plan, n, samples) for n in plan.wrt)
    if samples == batch:
        return ledger.peak * width
    return max(ledger.peak + gradients, 3 * gradients) * width


def _size(plan: Plan, tensor: str, batch: int) -> int:
    return elements(plan.model.tensors[tensor].extents, batch)
