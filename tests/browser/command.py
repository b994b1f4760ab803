"""The command `weftwork` as a person starts it, with TensorFlow and all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from weftwork.compiler.document import Notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.run_directory import list_runs

PATIENCE_S = 60


class Command:
    """The editor on a folder of its own; `address` opens its page in a browser."""

    def __init__(self, place: Path, notebook: Notebook | None = None) -> None:
        """With a notebook, its file is there and opens; without one the gallery does."""
        self.folder = place / "work"
        self.folder.mkdir()
        self._log = place / "server.log"
        named = []
        if notebook is not None:
            named = ["own.weft"]
            (self.folder / named[0]).write_text(write_notebook(notebook), encoding="utf-8")
        # What was allowed on this machine is none of the test's business.
        environment = {**os.environ, "WEFTWORK_DATA": str(place / "consent")}
        command = [Path(sys.executable).with_name("weftwork"), *named, "--no-browser", "--port", "0"]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
            )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().split()[-1]

    def end(self) -> None:
        """Ends it as Ctrl-C does, with its runs; nothing may have gone wrong inside."""
        self._process.terminate()
        assert self._process.wait(PATIENCE_S) == 0
        for run in list_runs(self.folder):
            run.stop()
        assert "Traceback" not in self._log.read_text()
