"""Code cells at work: consent, a process of their own, what they find at hand, and what they put out.

`consent.py` says what may run on this machine; the server asks it and never runs code itself. `run_code.py` is what the
child does: `namespace.py` gives it the notebook's objects, `capture.py` takes its text, `outputs.py` turns values into
bounded plain JSON.
"""
