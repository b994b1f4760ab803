"""Why something cannot be exported."""


class ExportRefused(Exception):
    """An export that cannot be made, or that came back different; the message is one line for the user."""
