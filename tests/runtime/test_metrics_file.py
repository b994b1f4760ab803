import errno

import numpy as np
import pytest

from weftwork.runtime import metrics_file
from weftwork.runtime.metrics_file import MetricsWriter, cut_metrics, read_metrics

ROWS = np.array([[1, 1, 0.5], [4, 4, 5], [7, 7, 8], [10, 10, 11]])


@pytest.fixture
def path(tmp_path):
    writer = MetricsWriter(tmp_path / "metrics.bin", 3)
    writer.append(ROWS[:3])
    writer.append(ROWS[3:])
    writer.close()
    return tmp_path / "metrics.bin"


def test_rows_are_little_endian_doubles_one_after_another(path):
    assert path.read_bytes() == ROWS.astype("<f8").tobytes()


def test_rows_are_read_back_from_any_row_on(path):
    np.testing.assert_array_equal(read_metrics(path, 3), ROWS)
    np.testing.assert_array_equal(read_metrics(path, 3, start_row=2), ROWS[2:])
    assert read_metrics(path, 3, start_row=9).shape == (0, 3)


def test_torn_last_row_is_ignored(path):
    with open(path, "ab") as file:
        file.write(b"\x01" * 11)
    np.testing.assert_array_equal(read_metrics(path, 3), ROWS)


def test_missing_file_has_no_rows(tmp_path):
    assert read_metrics(tmp_path / "metrics.bin", 3).shape == (0, 3)


def test_cut_keeps_rows_up_to_the_step_and_drops_a_torn_one(path):
    with open(path, "ab") as file:
        file.write(b"\x01" * 5)
    cut_metrics(path, 3, step=int(ROWS[1, 0]))
    assert path.read_bytes() == ROWS[:2].tobytes()


def test_cut_at_step_0_leaves_an_empty_file(path):
    cut_metrics(path, 3, step=0)
    assert path.read_bytes() == b""


def test_rows_of_another_width_are_refused(tmp_path):
    writer = MetricsWriter(tmp_path / "metrics.bin", 3)
    with pytest.raises(ValueError, match="3 columns"):
        writer.append(np.zeros((1, 4)))


def test_full_disk_leaves_whole_rows_only(path, monkeypatch):
    writer = MetricsWriter(path, 3)
    real = writer._file

    class Full:
        def write(self, data):
            real.write(data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

        def fileno(self):
            return real.fileno()

    monkeypatch.setattr(writer, "_file", Full())
    with pytest.raises(OSError, match="No space"):
        writer.append(ROWS)
    assert path.read_bytes() == ROWS.tobytes()
    assert metrics_file.read_metrics(path, 3).shape == (4, 3)
