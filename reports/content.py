"""What a report says: a model, its derivations, its code and the verdicts on a deck."""

from __future__ import annotations

from derive.adjoint import gradients
from derive.emit import emit
from derive.equations import Model
from derive.version import VERSION
from reports.assumed import assumed
from reports.derivations import gradient_sections
from reports.document import Inlines, Items, Listing, Paragraph, Report, Section, Text, text
from reports.equations import equations_section, tensors_section, update_section
from reports.findings import findings_section
from verify.verdict import Judgement


def model_report(model: Model, judgement: Judgement | None = None) -> Report:
    """Equations, tensors, every gradient with its steps, code, the verdicts of a deck, assumptions.

    Raises what derivation and emission raise on a model that they refuse.
    """
    derivations = gradients(model)
    sections = [
        equations_section(model),
        tensors_section(model),
        Section(
            text("Gradients"),
            "gradients",
            (Paragraph(text(_GRADIENTS)),),
            gradient_sections(model, derivations),
        ),
        update_section(model),
        Section(
            text("Code"),
            "code",
            (Paragraph(text(_CODE)), Listing(emit(model), "python")),
        ),
    ]
    if judgement is not None:
        sections.append(findings_section(judgement))
    sections.append(_assumed_section(assumed(model, judgement)))
    title = model.title or model.name
    return Report(title, _lead(model, len(derivations), judgement), tuple(sections))


def _lead(model: Model, gradient_count: int, judgement: Judgement | None) -> Inlines:
    said = (
        f"{len(model.equations)} equations, {gradient_count} gradients derived element by element, "
        "and the NumPy module that computes them"
    )
    judged = f"; {len(judgement.claims)} claims of {judgement.deck} judged" if judgement else ""
    return (Text(f"{said}{judged}. Made by backproof {VERSION} from the model “{model.name}”."),)


def _assumed_section(assumptions: tuple[Inlines, ...]) -> Section:
    nothing = Paragraph(text("Nothing beyond the equations."))
    return Section(text("Assumed"), "assumed", (Items(assumptions) if assumptions else nothing,))


_GRADIENTS = (
    "The adjoint of a tensor T is ∂L/∂T, one element for each element of T. Each derivation starts "
    "from the chain rule at fresh indices; each further line applies the rule named beside it. "
    "Brackets [·] are Iverson brackets: 1 where the condition holds, else 0, and what they "
    "multiply is then not read."
)

_CODE = (
    "One module, independent of backproof: NumPy arrays or, through xp, CuPy arrays. Above each "
    "block stands the equation that it implements."
)
