"""When we look, at what, and how what was decided is carried out: parse, observe, decide, perform, report."""
