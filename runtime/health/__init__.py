"""What single layers do while a network trains: how large their gradients, weights and updates are, how many of their
units are dead, and in words when something is wrong.

`watch.py` looks, from inside the training process and without changing a bit of it; `sampling.py` says how often;
`health_file.py` is what the page reads, `diagnose.py` turns it into words. Only `watch.py`, `activations.py` and
`close_look.py` import TensorFlow. decisions/0001 says why it is done this way.
"""
