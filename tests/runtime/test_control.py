from weftwork.runtime.control import PAUSE, RUN, STOP, ControlByte, create_control, write_control


def test_byte_written_by_another_is_seen_at_once(tmp_path):
    path = tmp_path / "control"
    create_control(path)
    seen = ControlByte(path)
    values = [seen.read()]
    for value in (PAUSE, RUN, STOP):
        write_control(path, value)
        values.append(seen.read())
    assert values == [RUN, PAUSE, RUN, STOP]


def test_byte_written_by_the_trainer_is_in_the_file(tmp_path):
    byte = ControlByte(tmp_path / "control")
    byte.write(STOP)
    assert (tmp_path / "control").read_bytes() == STOP
