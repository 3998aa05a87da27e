"""The same two networks as their users would write them elsewhere; `tests.benchmarks.gradients`.

Every module has ``prepare(network, params, inputs) -> Peer``: it converts our arrays to its own
layout once; what is timed works on its own arrays from then on.
"""
