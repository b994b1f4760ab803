"""The passes of the pipeline, one a file, each a pure function."""
