"""From index notation to array operations; `derive.plan` is the way in."""
