"""The command line, one file a group of commands. What they do is in `weftwork.runtime.headless`."""
