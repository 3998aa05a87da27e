"""MATLAB listings: statements with their places, their trees, and what they say as LaTeX."""
