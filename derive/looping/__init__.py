"""From index notation to loop nests; `derive.emitting.numba_module` is what they are for."""
