"""Pages: gallery, notebook and the hidden page of components."""
