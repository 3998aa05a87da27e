r"""Surface tree to core: what a formula means in a `Scope`.

One case per surface node. The result is an `ArrayValue`: an expression over its own array
dimensions and the indices in scope. ``expected`` is the shape that the place asks for; it decides
between valid and full convolution and how a vector is reshaped.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from derive.errors import IllFormed
from derive.expr import Apply, Value, add, negative, number, quotient
from derive.reading import lengths
from derive.reading.array_functions import applied, is_of_arrays
from derive.reading.arrays import ArrayValue, ShapeMismatch, elementwise, index_value, scalar
from derive.reading.broadcasting import met, spread
from derive.reading.calls import as_product, bracket, bracket_behind, indices_behind, turned
from derive.reading.cells import array_of
from derive.reading.class_labels import through_choice
from derive.reading.code_calls import code_call
from derive.reading.conditions import condition, is_condition
from derive.reading.convolution import Shape
from derive.reading.cosine import of_two
from derive.reading.decimals import one_exponent
from derive.reading.derivatives import derivative_of
from derive.reading.eulers import E, is_exponent, is_letter_e, raises_eulers
from derive.reading.extremes import EXTREMES, of_list, over_indices
from derive.reading.functions import VECTORISE, apply_function, function_named, is_inverse
from derive.reading.indicators import by_cases, indicated, joined, kronecker
from derive.reading.indices import index_of
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import letter_of
from derive.reading.norms import bars, collected
from derive.reading.powers import by_elements, root
from derive.reading.problems import Unsupported
from derive.reading.products import BESIDE, broadcast, difference, is_window, multiply
from derive.reading.references import fill, resolve
from derive.reading.regroup import from_the_left
from derive.reading.scope import Scope
from derive.reading.scripts import bracketed, element, modified
from derive.reading.sums import summed_up
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Cases,
    Collection,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Name,
    Node,
    Numeral,
    Prefixed,
    Root,
    Scripted,
    Unary,
)  # fmt: skip
from derive.reading.windows import WINDOWS, slid, with_mode


def elaborate(node: Node, scope: Scope, expected: Shape | None = None) -> ArrayValue:
    """The value of ``node``.

    Raises `IllFormed` (with the offset of the part) for unknown symbols, shapes that do not fit,
    indices that are none; `Undeclared` where a convention is missing; `Unsupported` for what is
    readable but not in the language yet.
    """
    condition_ = indicated(node, scope)
    if condition_ is not None:
        return condition(condition_, scope, elaborate)
    match node:
        case Numeral(value=value):
            return scalar(number(value))
        case Name():
            return _name(node, scope)
        case Prefixed():
            return _symbol(node, scope, expected)
        case Call():
            return _call(node, scope, expected)
        case Group():
            return _group(node, scope, expected)
        case Unary("-", body):
            return elaborate(body, scope, expected).map(negative)
        case Unary("+", body):
            return elaborate(body, scope, expected)
        case Unary(operator):
            raise IllFormed(f"{operator} stands for two values", offset=node.span.start)
        case Binary():
            return _binary(node, scope, expected)
        case Juxtaposition(factors):
            return _beside(joined(factors, scope), scope, expected)
        case Fraction_(top, bottom):
            found = derivative_of(node, scope, elaborate)
            return found if found is not None else _divide(top, bottom, scope, expected, node)
        case Root(body, degree):
            exponent = None if degree is None else elaborate(degree, scope)
            return root(elaborate(body, scope, expected), exponent, node.span.start)
        case Scripted():
            return _scripted(node, scope, expected)
        case Big():
            return _big(node, scope, expected)
        case Collection():
            powers = () if node.sub else node.sup
            return modified(collected(node, scope, elaborate), powers, scope, node.span.start,
                            elaborate)  # fmt: skip
        case Cases():
            return by_cases(node, scope, elaborate)
        case Matrix():
            return array_of(node, scope, expected, elaborate)
    kind = type(node).__name__.rstrip("_").lower()
    raise Unsupported(f"{kind} is not read as a value yet", offset=node.span.start)


def _name(node: Name, scope: Scope) -> ArrayValue:
    key = letter_of(replace(node, sup=()))
    if key is not None and not node.sup and scope.running(key):
        return index_value(scope.letters[key])
    item = Occurrence(node, node.span)
    delta = kronecker(node, scope)
    if delta is not None:
        return scalar(delta)
    constant = lengths.named(node, scope)
    if constant is not None:
        value, powers = constant
        return modified(value, powers, scope, node.span.start, elaborate)
    match = scope.lexicon.match(item)
    over = match is None or match.omitted > 0 or bool(match.powers)
    if match is None or (node.base == E and over and is_exponent(node.sup)):
        if key is not None and key in scope.letters and not raises_eulers(node, scope):
            value = index_value(scope.letters[key])
            return modified(value, node.sup, scope, node.span.start, elaborate)
        if is_letter_e(node):
            return _exponential(node, scope)
        if node.base == r"\exp" and node.sup:
            scope.note(r"\exp^{x} is read as e^{x}")
            return _exponential(node, scope)
    return _symbol(node, scope)


def _exponential(node: Name, scope: Scope) -> ArrayValue:
    if not node.sup:
        return scalar(Apply("exp", (number(1),)))
    return elaborate(one_exponent(node.sup), scope).map(lambda x: Apply("exp", (x,)))


def _symbol(node: Node, scope: Scope, expected: Shape | None = None) -> ArrayValue:
    """A tensor, an adjoint or a defined symbol, with what its scripts do to it."""
    found = derivative_of(node, scope, elaborate)
    if found is not None:
        return found
    if isinstance(node, Prefixed) and isinstance(node.body, Scripted):
        inner = replace(node, body=node.body.body)
        return elaborate(replace(node.body, body=inner), scope, expected)
    item = occurrence(node)
    if item is None:
        raise Unsupported("this operator is not read as a value yet", offset=node.span.start)
    if item.args == ():
        raise IllFormed("nothing stands in the brackets", offset=node.span.start)
    match = resolve(item, scope)
    factors = as_product(node, scope)
    if factors is None:
        return modified(fill(match, scope), match.powers, scope, node.span.start, elaborate)
    return _beside(factors, scope, expected)


def _call(node: Call, scope: Scope, expected: Shape | None) -> ArrayValue:
    """An element, a function of something, or a product such as ``b (1 - C)``."""
    if not node.args:
        raise IllFormed("nothing stands in the brackets", offset=node.span.start)
    if len(node.args) == 1 and is_condition(node.args[0]):
        behind = Group(node.args[0], "[", span=node.args[0].span)
        return _beside((node.head, behind), scope, expected)
    item = occurrence(node)
    if item is not None and scope.lexicon.match(item) is not None:
        return _symbol(node, scope, expected)
    if (coded := code_call(node, scope, expected, elaborate)) is not None:
        return coded
    delta = kronecker(node, scope)
    if delta is not None:
        return scalar(delta)
    if kronecker(node.head, scope) is not None:
        return _beside((node.head, bracket(node.args)), scope, expected)
    if isinstance(node.head, Name) and item is not None:
        power = is_letter_e(node.head) and node.head.sup
        if power or lengths.named(node.head, scope) is not None:
            return _beside((node.head, bracket(node.args)), scope, expected)
        function = function_named(node.head, scope)
        if function is not None:
            return _apply(node, function, scope, expected)
        if letter_of(node.head) not in scope.letters and not turned(node.head, scope):
            resolve(item, scope)
    return _beside((node.head, bracket(node.args)), scope, expected)


def _apply(
    node: Call, function: tuple[str, int], scope: Scope, expected: Shape | None
) -> ArrayValue:
    name = node.head
    assert isinstance(name, Name)
    if (parted := bracket_behind(node, scope)) is not None:
        return _beside(parted, scope, expected)
    function, node = with_mode(of_two(function, len(node.args)), node)
    inner = None if function[0] in VECTORISE or function[0] in WINDOWS else expected
    values = [elaborate(a, scope, inner) for a in node.args]
    if function[0] in EXTREMES and not name.sub:
        largest = of_list(function[0], values, scope, node.span.start)
        return modified(largest, name.sup, scope, name.span.start, elaborate)
    if function[0] in WINDOWS:
        return slid(function[0], values, scope, expected, node.span.start)
    if is_of_arrays(function[0]) and not is_inverse(name):
        whole = applied(function[0], values, scope, node.span.start)
        return element(whole, name.sub, name.sup, scope, node.span.start, elaborate)
    result = apply_function(function, name, values, expected)
    result = result.map(lambda e: through_choice(e, scope.labels)) if scope.labels else result
    powers = () if is_inverse(name) else name.sup
    return modified(result, powers, by_elements(scope), name.span.start, elaborate)


def _group(node: Group, scope: Scope, expected: Shape | None) -> ArrayValue:
    if node.bracket in {"(", "[", "{", ""}:
        return elaborate(node.body, scope, expected)
    between = bars(node.body, node.bracket, scope, elaborate)
    if between is not None:
        return between
    if node.bracket == ".|":
        raise Unsupported("a value at one place is not judged", offset=node.span.start)
    place = index_of(node, scope.letters)
    return scalar(place.around(Value(place.index)))


def _binary(node: Binary, scope: Scope, expected: Shape | None) -> ArrayValue:
    operator, at = node.operator, node.span.start
    if operator in {"+", "-"}:
        left = elaborate(node.left, scope, expected)
        right = elaborate(node.right, scope, expected or left.extents or None)
        combine = add if operator == "+" else difference
        what = "sum" if operator == "+" else "difference"
        left, right = spread(*met(left, right), scope)
        return elementwise(left, right, combine, what, at)
    if operator == "/":
        found = derivative_of(node, scope, elaborate)
        return found or _divide(node.left, node.right, scope, expected, node)
    if operator in {r"\pm", r"\mp"}:
        raise Unsupported(f"{operator} stands for two values", offset=at)
    if operator in {r"\bmod", r"\mod", r"\pmod", r"\div", r"\setminus"}:
        raise Unsupported(f"{operator} is not read as a value yet", offset=at)
    inner = None if is_window(operator, scope) else expected
    left = elaborate(node.left, scope, inner)
    try:
        right = elaborate(node.right, scope, inner)
        return multiply(left, right, operator, scope, expected, at)
    except ShapeMismatch:
        other = from_the_left(node, left, scope, expected, elaborate)
        if other is None:
            other = broadcast(left, elaborate(node.right, scope, inner), operator, scope, at)
        if other is None:
            raise
        return other


def _beside(factors: tuple[Node, ...], scope: Scope, expected: Shape | None) -> ArrayValue:
    value = elaborate(factors[0], scope, expected)
    for before, factor in pairwise(factors):
        indices = indices_behind(before, factor, value, scope)
        if indices is not None:
            value = scalar(value.at(indices))
            continue
        if isinstance(factor, Collection) and factor.bracket == "(":
            raise IllFormed("a list in brackets is no factor", offset=factor.span.start)
        right = elaborate(factor, scope, expected)
        value = multiply(value, right, BESIDE, scope, expected, factor.span.start)
    return value


def _divide(
    top: Node, bottom: Node, scope: Scope, expected: Shape | None, node: Node
) -> ArrayValue:
    above, below = elaborate(top, scope, expected), elaborate(bottom, scope, expected)
    return elementwise(above, below, quotient, "quotient", node.span.start)


def _scripted(node: Scripted, scope: Scope, expected: Shape | None) -> ArrayValue:
    found = bracketed(node, scope, elaborate)
    if found is not None:
        return found
    factors = as_product(node.body, scope) if kronecker(node.body, scope) is None else None
    if factors is not None:
        return _beside((factors[0], replace(node, body=factors[1])), scope, expected)
    value = elaborate(node.body, scope, None if node.sub else expected)
    return element(value, node.sub, node.sup, scope, node.span.start, elaborate)


def _big(node: Big, scope: Scope, expected: Shape | None) -> ArrayValue:
    if node.operator != r"\sum":
        return over_indices(node, scope, elaborate)
    return summed_up(node, scope, expected, elaborate)
