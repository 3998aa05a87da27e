r"""Control sequences and the characters that show them. What is not here is printed by its name."""

from __future__ import annotations

import unicodedata

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

LETTERS = {
    **GREEK,
    "ell": "ℓ", "infty": "∞", "emptyset": "∅", "top": "⊤", "intercal": "⊺", "bot": "⊥",
    "hbar": "ℏ", "dagger": "†", "prime": "′",
}  # fmt: skip

OPERATORS = {
    "partial": "∂", "nabla": "∇",
    "cdot": "·", "times": "×", "odot": "⊙", "circ": "∘", "star": "⋆", "ast": "∗", "otimes": "⊗",
    "oplus": "⊕", "bullet": "•", "pm": "±", "mp": "∓", "div": "÷", "setminus": "∖",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈",
    "equiv": "≡", "sim": "∼", "propto": "∝", "triangleq": "≜", "coloneqq": "≔", "ll": "≪",
    "gg": "≫", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩",
    "leftarrow": "←", "gets": "←", "rightarrow": "→", "to": "→", "longrightarrow": "⟶",
    "mapsto": "↦", "Rightarrow": "⇒", "implies": "⟹", "Leftrightarrow": "⇔", "iff": "⟺",
    "therefore": "∴", "forall": "∀", "exists": "∃", "land": "∧", "wedge": "∧", "lor": "∨",
    "vee": "∨", "neg": "¬", "mid": "∣", "leqslant": "≤", "geqslant": "≥", "simeq": "≃",
    "cong": "≅", "ni": "∋", "supset": "⊃", "longleftarrow": "⟵", "longmapsto": "⟼",
    "leftrightarrow": "↔", "Leftarrow": "⇐", "Longrightarrow": "⟹", "Longleftrightarrow": "⟺",
    "impliedby": "⟸", "because": "∵", "doteq": "≐", "parallel": "∥", "perp": "⊥", "ominus": "⊖",
    "circledast": "⊛", "boxtimes": "⊠", "diamond": "⋄", "lt": "<", "gt": ">",
}  # fmt: skip

BIG = {
    "sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "bigcup": "⋃", "bigcap": "⋂",
    "bigoplus": "⨁", "bigotimes": "⨂", "bigodot": "⨀",
}  # fmt: skip

PLAIN_OPERATORS = {"-": "−", "*": "∗", "'": "′"}

UNICODE_STYLES = {
    "bold": "BOLD", "script": "SCRIPT", "double": "DOUBLE-STRUCK", "fraktur": "FRAKTUR",
    "sans": "SANS-SERIF", "mono": "MONOSPACE",
}  # fmt: skip

ACCENTS = {
    "hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "widetilde": "~",
    "dot": "˙", "ddot": "¨", "vec": "→", "check": "ˇ", "breve": "˘", "underline": "_",
}  # fmt: skip
"""Accents that stand over their letter, as the MathML character of the mark."""

ALPHABETS = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "textbf": "bold", "mathcal": "script",
    "mathscr": "script", "mathbb": "double", "mathfrak": "fraktur", "mathrm": "upright",
    "mathit": "italic", "mathsf": "sans", "mathtt": "mono", "text": "upright", "mathop": "upright",
}  # fmt: skip

BRACKETS = {
    "(": ("(", ")"), "[": ("[", "]"), "{": ("{", "}"), r"\{": ("{", "}"), "|": ("|", "|"),
    r"\|": ("‖", "‖"), r"\lceil": ("⌈", "⌉"), r"\lfloor": ("⌊", "⌋"), r"\langle": ("⟨", "⟩"),
    "": ("", ""),
}  # fmt: skip
"""What a surface node's ``bracket`` looks like on either side."""

GRIDS = {
    "bmatrix": ("[", "]"), "pmatrix": ("(", ")"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
    "Bmatrix": ("{", "}"),
}  # fmt: skip


def styled(text: str, alphabet: str) -> str:
    """The character of Unicode's mathematical ``alphabet`` for each letter that has one."""
    style = UNICODE_STYLES.get(alphabet)
    return "".join(_styled(c, style) for c in text) if style else text


def _styled(character: str, style: str) -> str:
    kind = unicodedata.name(character, "").removeprefix("LATIN ").removeprefix("GREEK ")
    kind = kind.replace(" LETTER ", " ")
    for name in (f"MATHEMATICAL {style} {kind}", f"{style} {kind}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return character
