"""A process that waits where none of its own threads could run is ended from beside when a connection closes."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.runtime.run_directory import create_run

pytestmark = pytest.mark.skipif(not hasattr(select, "POLLRDHUP"), reason="the system does not tell of peers")
ROOT = Path(__file__).resolve().parents[2]
# Waits as TensorFlow does: in C, with the lock that all threads of Python need.
PROGRAM = """
import ctypes, socket, sys
from pathlib import Path
from weftwork.runtime.distribution.standby import ended_if_lost
wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with ended_if_lost({wire.fileno(): "Worker 1 was lost"}, Path(sys.argv[2])):
    if sys.argv[3] == "waits":
        wire.sendall(b"!")
        ctypes.PyDLL(None).pause()
print("went on", flush=True)
"""


def begin(tmp_path: Path, how: str) -> tuple[subprocess.Popen[str], socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", PROGRAM, str(listener.getsockname()[1]), str(tmp_path), how]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return process, listener.accept()[0]


def test_process_that_waits_for_a_machine_that_is_gone_is_ended_with_a_message(tmp_path):
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    run = create_run(tmp_path, notebook, "train", notebook_name="n.weft")
    process, other = begin(run.path, "waits")
    assert other.recv(1) == b"!"
    other.close()
    said = process.communicate(timeout=60)[1]
    assert process.returncode == -signal.SIGKILL
    assert said == "Worker 1 was lost\n"
    assert (run.state(), run.message()) == ("failed", "Worker 1 was lost")


def test_process_that_waits_no_more_is_left_alone(tmp_path):
    process, other = begin(tmp_path, "goes on")
    out, said = process.communicate(timeout=60)
    other.close()
    assert (process.returncode, out, said) == (0, "went on\n", "")
