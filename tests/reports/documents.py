"""A report that has every kind of block, and text that tries to act in each format."""

from __future__ import annotations

from reports.document import (
    Chain,
    Display,
    Finding,
    Formula,
    Items,
    Line,
    Listing,
    Literal,
    Paragraph,
    Report,
    Section,
    Table,
    Text,
    text,
)

ATTACKS = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    r"\input{/etc/passwd} \write18{id} \end{document}",
    '"; #panic("typst") #eval("1") ]',
    "`` ``` | $ % & ~ ^ _ # { } \\",
    "[a](javascript:alert(1)) **bold** <b>",
    "açúcar ∂L/∂W ∑ 中文 — “q”",
)


def every_block(*texts: str) -> Report:
    """Each text in each place where a text can stand."""
    words = " ".join(texts)
    listing = "\n".join(
        ["def f(x):", '    """∂L/∂x: σ′ ≤ 1"""', *texts, "\\end{lstlisting}", "    1"]
    )
    return Report(
        title=words,
        lead=text(words),
        sections=(
            Section(
                (Text("Part "), Formula(r"\hat{y}_i")),
                "part",
                (
                    Paragraph((Text(words), Literal(words), Formula(r"\frac{a}{b}"))),
                    Display(r"\sum_{i=1}^{n} x_i^2 = \lceil \tfrac{n}{2} \rceil"),
                    Display(words),
                    Listing(listing, "python"),
                    Table(("a", words), ((text(words), (Formula("x|y"), Literal("p|q"))),)),
                    Items((text(words), (Formula(words),))),
                    Chain((Line(words, r"\frac{\partial L}{\partial W_{ij}} = 0", text(words)),)),
                ),
                (
                    Section(
                        text(words),
                        "inner",
                        (
                            Finding(
                                "refuted", words, (Formula(r"a = b"),), (("because", text(words)),)
                            ),
                            Finding("unreadable", "line 1", (Formula(words),), ()),
                            Finding("proved", "line 2", (Formula("W"), Text(words)), ()),
                        ),
                    ),
                ),
            ),
            Section(text("Assumed"), "assumed", (Items((text(words),)),)),
        ),
    )
