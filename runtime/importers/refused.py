"""Why something cannot be imported."""


class ImportRefused(Exception):
    """A file that gives no notebook; the message is one line for the user."""


class NeedsConsent(ImportRefused):
    """A script that gives one when it is run, which is not allowed yet; `code` is what would run."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
