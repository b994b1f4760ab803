"""What people type when they look for a kind."""

OF_LAYERS: dict[str, tuple[str, ...]] = {
    "Dense": ("fc", "linear", "fully connected"),
}
OF_OPS: dict[str, tuple[str, ...]] = {}
