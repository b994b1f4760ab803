import os
import subprocess
import sys

from weftwork.runtime.process_identity import is_running, process_start, this_process


def test_this_process_is_running():
    assert is_running(*this_process())


def test_another_process_with_the_same_pid_is_not_meant():
    assert not is_running(os.getpid(), "of some other start")


def test_ended_process_is_not_running_even_before_it_was_waited_for():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    start = process_start(process.pid)
    assert start is not None
    assert is_running(process.pid, start)
    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(process.pid, start)
    process.wait()
    assert not is_running(process.pid, start)
