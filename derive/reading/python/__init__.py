"""Python listings: statements with their places, and what they say as LaTeX; nothing is run."""
