import errno

from weftwork.runtime.failure import RunFailed, one_line


def test_full_disk_says_what_to_do():
    error = OSError(errno.ENOSPC, "No space left on device", "metrics.bin")
    assert one_line(error) == "The disk is full (metrics.bin). Free some space, then resume."


def test_unwritable_folder_is_named():
    error = PermissionError(errno.EACCES, "Permission denied", "/data/runs")
    assert one_line(error) == "/data/runs cannot be written: Permission denied."


def test_message_of_several_lines_gives_its_first():
    assert one_line(ValueError("labels are out of range\n\nArguments received by call: …")) == "labels are out of range"


def test_preamble_of_tensorflow_is_left_out():
    error = RuntimeError(
        "Graph execution error:\n\nDetected at node a/b defined at (most recent call last):\n"
        'File "x.py", line 1, in f\nReceived a label value of 7'
    )
    assert one_line(error) == "RuntimeError: Received a label value of 7"


def test_message_of_our_own_stands_as_it_is():
    assert one_line(RunFailed("There are no rows to train on.")) == "There are no rows to train on."


def test_exception_without_a_text_gives_its_name():
    assert one_line(KeyError()) == "KeyError"


def test_memory_names_the_tensor():
    class ResourceExhaustedError(Exception):
        pass

    error = ResourceExhaustedError("OOM when allocating tensor with shape[20000,50000] and type float")
    assert one_line(error).startswith("The memory did not suffice for a tensor of shape (20000, 50000).")
