"""From a plan to source text; `derive.emit` is the way in."""
