"""The runtime: run directories, processes, data, training and exporters."""
