"""The server's side of the host: starts it, asks it, and starts it again when it dies. Needs no TensorFlow.

Every public method may be called from any thread. `call` and `infer` wait for their answer: the server calls them
from threads of its own, never from its event loop.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from typing import TYPE_CHECKING, Any

from .host_requests import HostRequests, TaskFailed
from .link import Link, Message, spawn_linked
from .part import HOST, SHAPES, Part

# The first page need not wait for the compiler; what asks for shapes or starts runs brings it along.
if TYPE_CHECKING:
    from ..compiler.document import NetworkCell
    from ..compiler.specs import NodeShapes
    from .run_directory import RunDirectory

# As many deaths in as many seconds are no accident any more.
_DEATHS, _WITHIN_S = 3, 60.0
_INFER_S = 90.0
_STOP_LOOK_S = 0.1
_GOODBYE_S = 0.8  # its children end by themselves when it is gone
_DIED = "The process that keeps TensorFlow ready ended and was started again; please try once more."


class Host:
    """`state` is "starting", "ready" or "gone"; `message` says why it is gone."""

    def __init__(self) -> None:
        self.state = "gone"
        self.message = "The host was not started."
        # Whether a child waits that has trained before, so that the next run begins sooner.
        self.warm = False
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._requests = HostRequests(self._lock)
        self._link: Link | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._oracle = HostOracle(self)
        self._process: subprocess.Popen[bytes] | None = None
        self._shapes = Part(SHAPES, "gone")
        self._why_again = ""  # it was started again by itself

    def start(self) -> None:
        """Starts the host process and comes back at once; it takes some seconds to be ready."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive() and self.state != "gone":
                return
            self._closing = False
            self._set_state("starting")
            self._thread = threading.Thread(target=self._supervise, name="host", daemon=True)
            self._thread.start()

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Waits until the host is ready, or cannot become so; gives whether it is."""
        with self._changed:
            self._changed.wait_for(lambda: self.state != "starting", timeout)
            return self.state == "ready"

    def wait_warm(self, timeout: float | None = None) -> bool:
        """Waits until a warmed child waits for the next run; gives whether one does."""
        with self._changed:
            return self._changed.wait_for(lambda: self.warm, timeout)

    def start_run(self, run: RunDirectory) -> None:
        """Starts a queued run, as soon as the host is ready. Does not wait."""
        answer = self._ask({"do": "run", "path": str(run.path.absolute())}, again=True)
        answer.add_done_callback(lambda done: _note_unstarted(run, done))

    def resume_run(self, run: RunDirectory) -> None:
        """Goes on with a run: one that is paused at once, one without a process from its last checkpoint.

        Does not wait. Raises RunRefused with the reason where it cannot be taken up again.
        """
        if run.state() != "paused":
            from .run_directory import requeue

            requeue(run)
            self.start_run(run)
        else:
            run.resume()

    def call(
        self,
        function: str,
        arguments: dict[str, Any],
        timeout: float = 300.0,
        memory: int | None = None,
        stop: threading.Event | None = None,
    ) -> Any:
        """The JSON result of `function` ("weftwork.runtime.x:name") called in a process of its own.

        `memory` bounds, in bytes, what it may take; `stop` ends it when it is set. Raises TaskFailed.
        """
        request: Message = {
            "id": self._requests.new_id(),
            "do": "call",
            "function": function,
            "arguments": arguments,
            "timeout": timeout,
            "memory": memory,
        }
        answer = self._ask(request, again=False)
        if stop is not None:
            self._end_when(stop, request["id"], answer)
        return self._wait(answer, timeout + _INFER_S)

    def _end_when(self, stop: threading.Event, request: int, answer: Future[Any]) -> None:
        """Waits for an answer, and has the task ended where `stop` is set before."""
        while not answer.done():
            if stop.wait(_STOP_LOOK_S):
                self._ask({"do": "end", "task": request}, again=False)
                return

    def parts(self) -> tuple[Part, Part]:
        """The host and its shape service, as they are now."""
        with self._lock:
            # Before anybody has asked for it, it is on its way: the first page comes first.
            state = "starting" if self._thread is None else self.state
            up = "up" if state == "ready" else state
            pid = self._process.pid if self._process and up != "gone" else 0
            host = Part(HOST, up, self.message if up == "gone" else self._why_again, pid)
            return host, self._shapes if up == "up" else Part(SHAPES, up, "It is a part of the TensorFlow process.")

    def oracle(self) -> HostOracle:
        """The oracle for `pipeline.check`; always the same one, so that checks are remembered."""
        return self._oracle

    def infer(
        self, network: NetworkCell, definitions: Mapping[str, NetworkCell] | None = None
    ) -> dict[str, NodeShapes]:
        """The shapes of a network's nodes, from the warm shape service. Raises TaskFailed."""
        from ..compiler.code.at_hand import kinds_at_hand
        from ..compiler.code.load import to_json as code_kind_to_json

        request: Message = {"do": "infer", "network": network.model_dump(mode="json")}
        if definitions:
            request["definitions"] = {name: cell.model_dump(mode="json") for name, cell in definitions.items()}
        if own := [code_kind_to_json(one) for one in kinds_at_hand() if one.allowed]:
            request["code"] = own
        from .shape_service import shapes_from_json

        return shapes_from_json(self._wait(self._ask(request, again=True), _INFER_S))

    def close(self) -> None:
        """Ends the host; runs go on."""
        with self._lock:
            self._closing = True
            link, thread = self._link, self._thread
            if self._process is not None and self.state == "starting":
                # It hears nothing before TensorFlow is imported, and has begun nothing that could be lost.
                self._process.kill()
        if link is not None:
            link.hang_up()
        if thread is not None:
            thread.join(10)

    def _wait(self, answer: Future[Any], timeout: float) -> Any:
        try:
            return answer.result(timeout)
        except TookTooLong:
            raise TaskFailed(f"No answer within {timeout:g} s.") from None

    def _ask(self, message: Message, *, again: bool) -> Future[Any]:
        with self._lock:
            if self.state == "gone":
                refused: Future[Any] = Future()
                refused.set_exception(TaskFailed(self.message))
                return refused
            answer = self._requests.add(message, again=again)
        self._send_waiting()
        return answer

    def _send_waiting(self) -> None:
        """Sends what was not sent; nothing before the host is ready, so that no sender waits for its imports."""
        with self._lock:
            link = self._link if self.state == "ready" else None
        if link is not None:
            self._requests.send(link)

    def _set_state(self, state: str, message: str = "") -> None:
        with self._changed:
            self.state, self.message = state, message
            self._changed.notify_all()

    def _set_warm(self, warm: bool) -> None:
        with self._changed:
            self.warm = warm
            self._changed.notify_all()

    def _supervise(self) -> None:
        deaths: list[float] = []
        while True:
            reason = self._live_once()
            deaths = [*(death for death in deaths if time.monotonic() - death < _WITHIN_S), time.monotonic()]
            with self._lock:
                over = self._closing or len(deaths) >= _DEATHS
                self._link = self._process = None
                self._why_again = f"Started again: {reason}"
                self._set_state("gone" if over else "starting", reason if not self._closing else "The host was closed.")
                dropped = self._requests.dropped_by_death(for_good=over)
            for answer in dropped:
                answer.set_exception(TaskFailed(self.message if over else _DIED))
            if over:
                return

    def _live_once(self) -> str:
        """One life of the host process; gives why it ended."""
        with tempfile.TemporaryFile(prefix="weftwork-host-") as log:
            try:
                process, link = spawn_linked("weftwork.runtime.host_main", log=log)
            except OSError as error:
                return f"Python could not be started: {error}"
            with self._lock:
                self._link, self._process = link, process
                if self._closing:
                    process.kill()
            broken = ""
            while (message := link.receive()) is not None:
                if "ready" in message:
                    self._set_state("ready")
                    self._send_waiting()
                elif "warm" in message:
                    self._set_warm(message["warm"])
                elif "shapes" in message:
                    self._shapes = Part(SHAPES, "up", message["shapes"]["why"], message["shapes"]["pid"])
                elif "broken" in message:
                    broken = f"TensorFlow could not be imported: {message['broken']}"
                else:
                    self._requests.take_answer(message)
            self._set_warm(False)
            link.close()
            try:
                process.wait(_GOODBYE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            return broken or f"The process that keeps TensorFlow ready ended (code {process.returncode}). {_tail(log)}"


class HostOracle:
    """A ShapeOracle whose answers come from the host's shape service."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def infer(
        self, network: NetworkCell, definitions: Mapping[str, NetworkCell] | None = None
    ) -> dict[str, NodeShapes]:
        """Raises TaskFailed where the host is gone or Keras gives no answer in time."""
        return self._host.infer(network, definitions)


def _note_unstarted(run: RunDirectory, answer: Future[Any]) -> None:
    error = answer.exception()
    if error is not None:
        from .run_directory import fail_unstarted

        fail_unstarted(run, str(error))


def _tail(log: Any) -> str:
    log.seek(0)
    lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""


__all__ = ["Host", "HostOracle", "TaskFailed"]
