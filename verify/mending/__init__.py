"""The nearest right formula: edits of a wrong one, screened by numbers, then judged."""
