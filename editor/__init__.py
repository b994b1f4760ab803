"""The editor: command line, server and pages. The only folder that knows a browser."""
