"""Why something cannot be imported."""


class ImportRefused(Exception):
    """A file that gives no notebook; the message is one line for the user."""
