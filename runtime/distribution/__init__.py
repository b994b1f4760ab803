"""Training on more than one device, on several machines, and by another backend than TensorFlow.

`placement.py` says what a run was asked for, `strategies.py` makes TensorFlow's strategy of it, `replicated_steps.py`
is the training step of several replicas, `pieces.py` cuts each batch for them.
"""
