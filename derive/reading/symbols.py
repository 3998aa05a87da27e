r"""What each character and control sequence of a formula is: one table per part of speech."""

from __future__ import annotations

RELATIONS = frozenset(
    r"""= < > \le \leq \leqslant \ge \geq \geqslant \lt \gt \ne \neq \equiv \approx \simeq \cong
    \sim \propto \in \notin \ni \subset \subseteq \supset \to \gets \mapsto \leftarrow \rightarrow
    \longleftarrow \longrightarrow \longmapsto \leftrightarrow \Leftarrow \Rightarrow
    \Longrightarrow \Leftrightarrow \Longleftrightarrow \implies \impliedby \iff \therefore
    \because \triangleq
    \coloneqq \eqqcolon \doteq \ll \gg \mid \parallel \leadsto \rightsquigarrow \hookrightarrow
    \uparrow \downarrow \lll \ggg \asymp \models \vdash \perp
    := =: == += -= *= /= <= >= => -> <- != : ≤ ≥ ≠ ≈ ≡ ∈ ∝ → ← ⇒ ⇔ ↦ ∼""".split()
)

MULTIPLICATIVE = frozenset(
    r"""* \cdot \times \ast \star \odot \circ @ \otimes \bullet \div \cap \cup \setminus \wedge \vee
    \land \lor \circledast \boxtimes \diamond \bmod \mod \pmod · × ∗ ⋆ ⊙ ∘ • ⊗ ÷""".split()
)

ADDITIVE = frozenset(r"+ - \pm \mp \oplus \ominus − ± ∓ ⊕".split())

# Read like the control sequence, kept as the control sequence.
SYNONYMS = {
    "−": "-", "±": r"\pm", "∓": r"\mp", "⊕": r"\oplus", "·": r"\cdot", "×": r"\times", "∗": "*",
    "⋆": r"\star", "⊙": r"\odot", "∘": r"\circ", "•": r"\bullet", "⊗": r"\otimes", "÷": r"\div",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∈": r"\in",
    "∝": r"\propto", "→": r"\rightarrow", "←": r"\leftarrow", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "∼": r"\sim", "∑": r"\sum", "∏": r"\prod",
    "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "…": r"\dots", "⋯": r"\cdots",
    "′": "'", "″": "''", "∫": r"\int", "Δ": r"\Delta", "∆": r"\Delta", "√": r"\sqrt",
    **dict(zip("αβγδεζηθκλμνξπρστφχψωΓΘΛΞΠΣΦΨΩ", (
        r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi \pi \rho"
        r" \sigma \tau \phi \chi \psi \omega \Gamma \Theta \Lambda \Xi \Pi \Sigma \Phi \Psi \Omega"
    ).split(), strict=True)),
    "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor", "⌋": r"\rfloor", "‖": r"\|",
    "∥": r"\|", "⟨": r"\langle", "⟩": r"\rangle", "⊤": r"\top",
}  # fmt: skip

FUNCTIONS = frozenset(
    r"""\log \ln \lg \exp \sin \cos \tan \cot \sec \csc \sinh \cosh \tanh \coth \arcsin \arccos
    \arctan \det""".split()
)

BIG_OPERATORS = frozenset(
    r"""\sum \prod \max \min \argmax \argmin \sup \inf \lim \coprod \bigcup \bigcap \bigoplus
    \bigotimes \bigodot \bigvee \bigwedge""".split()
)
# These stand before an ordinary argument list as well: \max(0, x).
ALSO_FUNCTIONS = frozenset({r"\max", r"\min", r"\sup", r"\inf"})

WORD_OPERATORS = {"max": r"\max", "min": r"\min", "argmax": r"\argmax", "argmin": r"\argmin"}

INTEGRALS = frozenset(r"\int \iint \iiint \oint \intop".split())

PREFIXES = frozenset({r"\partial", r"\nabla", r"\Delta"})

STYLES = frozenset(
    r"""\mathbf \boldsymbol \bm \mathcal \mathbb \mathfrak \mathscr \pmb \vec \mathbfit
    \symbf \mathbbm \mathds""".split()
)
ACCENTS = frozenset(
    r"""\hat \widehat \bar \overline \tilde \widetilde \dot \ddot \dddot \check \breve \acute
    \grave \underline \overrightarrow \overleftarrow \mathring""".split()
)
# Text that may be a name of several letters.
TEXTS = frozenset(
    r"""\text \mathrm \operatorname \textrm \textbf \textit \texttt \textsf \mathit \mathsf \mathtt
    \textnormal \mbox \hbox \textup \mathup \emph \textsc""".split()
)
OLD_STYLES = {
    r"\rm": "",
    r"\it": "",
    r"\tt": "",
    r"\sf": "",
    r"\bf": r"\mathbf",
    r"\cal": r"\mathcal",
}
# The body counts, the decoration and its label do not.
WRAPPERS = frozenset(
    r"""\boxed \fbox \underbrace \overbrace \underbracket \overbracket \mathop \mathrel \mathbin
    \mathord \mathopen \mathclose \ensuremath \smash \cancel \bcancel \xcancel \mathstrut \hl
    \displaylimits""".split()
)
FRACTIONS = frozenset(r"\frac \tfrac \dfrac \cfrac \nicefrac \sfrac".split())

DOTS = frozenset(
    r"\dots \cdots \ldots \vdots \ddots \dotsc \dotsb \dotsm \dotso \dotsi ... ..".split()
)

WIDE_SPACES = frozenset(r"\quad \qquad".split())
# Nothing to read: spacing, sizes, layout.
IGNORED = frozenset(
    r"""\, \; \: \! \> \/ \- \left \right \limits \nolimits \displaystyle \textstyle
    \scriptstyle \scriptscriptstyle \big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr
    \biggr \Biggr \bigm \Bigm \biggm \Biggm \notag \nonumber \hline \thinspace \medspace
    \thickspace \negthinspace \noindent \centering \small \large \Large \normalsize \null \strut
    \hfill \hfil \enspace \space \allowbreak \nobreak \relax \boldmath \toprule
    \midrule \bottomrule \par \protect \mathsurround ~""".split()
) | {"\\ ", "\\\n", "\\\t"}
# Ignored together with one braced argument.
IGNORED_WITH_ARGUMENT = frozenset(
    r"\label \tag \hspace \vspace \phantom \hphantom \vphantom \color \ref \eqref \cite \mspace"
    r" \rule \footnote".split()
)

OPENING = {
    "(": "(", "[": "[", r"\{": "{", r"\lbrace": "{", r"\lbrack": "[", r"\lceil": r"\lceil",
    r"\lfloor": r"\lfloor", r"\langle": "<", r"\lvert": "|", r"\lVert": r"\|", "⟦": "[",
    r"\lparen": "(",
}  # fmt: skip
CLOSING = {
    ")": "(", "]": "[", r"\}": "{", r"\rbrace": "{", r"\rbrack": "[", r"\rceil": r"\lceil",
    r"\rfloor": r"\lfloor", r"\rangle": "<", r"\rvert": "|", r"\rVert": r"\|", "⟧": "[",
    r"\rparen": "(",
}  # fmt: skip
CLOSING_BARS = {r"\rvert": r"\lvert", r"\rVert": r"\lVert"}
BARS = {"|": "|", r"\vert": "|", r"\|": r"\|", r"\Vert": r"\|"}

MATRICES = frozenset("matrix bmatrix pmatrix vmatrix Vmatrix Bmatrix smallmatrix array".split())
CASES = frozenset("cases dcases rcases drcases".split())
# Layout only: lines of one display.
LAYOUTS = frozenset(
    "aligned align alignat alignedat gathered gather split multline multlined equation eqnarray"
    " flalign displaymath math subequations".split()
)

# Words that are never a name, in the languages met so far.
CONNECTIVES = frozenset(
    """where with and or if for else otherwise then when such that so let by since as is are of the
    onde com e ou se para senão caso então quando tal que logo pois por como é
    donde con y o si para sino wenn und oder sonst für mit""".split()
)

QUANTIFIERS = {r"\forall": "for all ", r"\exists": "there is "}
OTHERWISE = frozenset("otherwise else elsewhere senão caso outro sonst otherwise,".split())

# The terminal of `grammar.lark`, or of `brackets`, that a spelling stands for.
_SIGNS = {
    "{": "LBRACE", "}": "RBRACE", "^": "SUP", "_": "SUB", "/": "SLASH", ",": "COMMA",
    ";": "COMMA", "&": "AMP", "@": "MUL", ":": "REL",
}  # fmt: skip
_CONTROL_KINDS = {r"\over": "OVER", "\\\\": "BREAK", r"\newline": "BREAK", r"\cr": "BREAK",
                  r"\sqrt": "SQRT", r"\substack": "SUBSTACK", r"\colon": "REL",
                  r"\lbrace": "OPEN", r"\prime": "PRIME", r"\sp": "SUP", r"\sb": "SUB"}  # fmt: skip
_KINDS: tuple[tuple[frozenset[str], str], ...] = (
    (RELATIONS, "REL"),
    (MULTIPLICATIVE, "MUL"),
    (ADDITIVE, "PM"),
    (FUNCTIONS, "FUNC"),
    (BIG_OPERATORS, "BIG"),
    (PREFIXES, "PREFIX"),
    (STYLES | ACCENTS, "ACCENT"),
    (WRAPPERS, "WRAP"),
    (FRACTIONS, "FRAC"),
    (DOTS, "DOTS"),
    (WIDE_SPACES, "QUAD"),
    (frozenset(OPENING), "OPEN"),
    (frozenset(CLOSING), "CLOSE"),
    (frozenset(BARS), "BAR"),
)
KIND_OF = {text: kind for table, kind in reversed(_KINDS) for text in table}
KIND_OF.update(_SIGNS)
KIND_OF.update(_CONTROL_KINDS)

DEMANDED = {"!": r"\Rightarrow", "?": r"\Rightarrow"}
r"""Signs above a relation, ``\overset{!}{=} 0``, that demand what follows: a formula ends there."""
