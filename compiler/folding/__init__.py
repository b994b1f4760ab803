"""Repeated blocks of a network as networks that are used as nodes: what keeps a drawing of a thousand layers readable.

`fold.py` is the page to read first; `sequence.py` puts the nodes in a row in which a block's nodes stand together,
`candidates.py` finds equal stretches, `runs.py` says which of them follow each other, `make_block.py` draws the network
and `place_uses.py` puts nodes for it in the place of the stretches. Pure.
"""
