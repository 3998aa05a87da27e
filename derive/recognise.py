from derive.steps import Compact
def compact_forms(model, equation): return ()
