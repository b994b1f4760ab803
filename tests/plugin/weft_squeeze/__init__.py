"""Squeeze and excite, as a plug-in of Weftwork."""
