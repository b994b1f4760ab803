"""Benchmarks: ratios and percentiles from one run, the rival in the same run. `make bench`."""
