"""A real server in a process of its own, and a client that can send what no browser would."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 120

# Says at the end what was imported, so that a test can see that TensorFlow was not.
_SERVE = """
import json, sys
from pathlib import Path
from weftwork.editor.server import serve
code = serve(Path(sys.argv[1]), port=int(sys.argv[2]), open_browser=False)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
raise SystemExit(code)
"""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass
class RunningServer:
    folder: Path
    state: Path
    port: int = 0
    token: str = ""
    cookie: str = ""
    output: list[str] = field(default_factory=list)

    def start(self) -> None:
        environment = {**os.environ, "XDG_STATE_HOME": str(self.state), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self.folder), str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.fullmatch(r"Weftwork: http://127\.0\.0\.1:(\d+)/\?token=(\S+)\n", line)
        assert found, line + self.process.stdout.read()
        self.port, self.token = int(found[1]), found[2]

    def stop(self, with_signal: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what was printed after the address."""
        self.process.send_signal(with_signal)
        output, _ = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, output

    def imported(self, output: str) -> list[str]:
        return json.loads(output.strip().splitlines()[-1])

    def get(
        self, path: str, headers: dict[str, str] | None = None, *, cookie: bool = True, method: str = "GET"
    ) -> Answer:
        """A request exactly as given: nothing in the path is tidied. A Host of None in `headers` is ours."""
        sent = {"Host": f"127.0.0.1:{self.port}", **({"Cookie": self.cookie} if cookie and self.cookie else {})}
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
        finally:
            connection.close()

    def let_in(self) -> None:
        """Exchanges the token for the cookie."""
        answer = self.get(f"/?token={self.token}", cookie=False)
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
