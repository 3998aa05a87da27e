"""What functions are called unless a document declares otherwise, by the LaTeX of their heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from derive.reading.composed import COMPOSED


def _spelled(names: Mapping[str, str]) -> dict[str, str]:
    """The names of each catalogue function, apart: ``\\log`` or, of several letters, text."""
    return {_head(n): catalogue for catalogue, text in names.items() for n in text.split()}


def _head(name: str) -> str:
    return name if name.startswith("\\") else rf"\mathrm{{{name}}}"


def _frozen(items: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    return MappingProxyType(dict(items))


STANDARD_FUNCTIONS = _frozen(
    _spelled(
        {
            "exp": r"\exp exp",
            "log": r"\log \ln log ln",
            "log10": r"\lg lg",
            "tanh": r"\tanh tanh",
            "sin": r"\sin sin",
            "cos": r"\cos cos",
            **{n: rf"\{n} {n}" for n in COMPOSED if n not in ("sec", "csc")},
            **{n: rf"\{n}" for n in ("sec", "csc")},
            "sqrt": "sqrt",
            "abs": "abs",
            "sign": r"\sgn \sign sgn sign",
            "step": "step",
            "relu": "ReLU relu Relu RELU",
            "leaky_relu": "LeakyReLU leakyReLU leaky_relu LReLU",
            "softplus": "softplus Softplus",
            "logistic": "sigmoid Sigmoid sigm logistic",
            "maximum": r"\max max maximum",
            "minimum": r"\min min minimum",
        }
    ).items()
)
"""Elementwise functions."""

STANDARD_ARRAY_FUNCTIONS = _frozen(
    _spelled(
        {
            "rot180": "rot180 rot",
            "diag": r"\diag diag Diag",
            "trace": r"\tr \Tr \trace tr Tr trace Trace",
            "determinant": r"\det det Det",
            "log determinant": "logdet slogdet",
            "sum": "sum",
            "mean": "mean Mean avg",
            "row sums": "rowsum rowSum RowSum rowsums",
            "column sums": "colsum colSum ColSum colsums",
            "softmax": r"\softmax softmax Softmax SoftMax",
            "log_softmax": r"\logsoftmax logsoftmax LogSoftmax",
            "logsumexp": r"\logsumexp logsumexp LogSumExp LSE",
            "cosine": "cossim cosine cos_sim CosineSimilarity cosine_similarity",
            "correlation": "correlation Correlation correlação Correlação correlacao correlación "
            "Correlación cross-correlation corr Corr xcorr",
            "convolution": "convolution Convolution convolução Convolução convolucao convolución "
            "Convolución conv2",
        }
    ).items()
)
"""Functions of whole arrays (`derive.reading.array_functions`)."""
