"""Sums displayed term by term, with dots: what these stand for, and which terms are wrong."""
