"""Formulas for every output: LaTeX is read once into boxes, and each format prints the boxes.

Nothing of a deck reaches an output but through the closed set of boxes, each of which escapes its
text: no LaTeX command, HTML tag or Typst call of a deck's author is ever carried over.
"""
