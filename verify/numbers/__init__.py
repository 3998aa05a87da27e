"""Formulas, tables and chains that show numbers: what they must be, and how they are rounded."""
