import threading

from weftwork.runtime.events import append_line, read_lines


def test_lines_are_read_on_from_the_offset(tmp_path):
    path = tmp_path / "events.jsonl"
    append_line(path, {"event": "state", "message": "läuft"})
    first, offset = read_lines(path)
    append_line(path, {"event": "epoch"})
    second, end = read_lines(path, offset)
    assert (first, second) == ([{"event": "state", "message": "läuft"}], [{"event": "epoch"}])
    assert read_lines(path, end) == ([], end)


def test_line_that_is_still_being_written_is_left_for_later(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event": "a"}\n{"event"')
    lines, offset = read_lines(path)
    assert lines == [{"event": "a"}]
    with open(path, "ab") as file:
        file.write(b': "b"}\n')
    assert read_lines(path, offset)[0] == [{"event": "b"}]


def test_torn_line_in_the_middle_is_passed_over(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event": "a"}\n{"even\n[1]\n{"event": "c"}\n')
    assert [line["event"] for line in read_lines(path)[0]] == ["a", "c"]


def test_missing_file_has_no_lines(tmp_path):
    assert read_lines(tmp_path / "events.jsonl") == ([], 0)


def test_two_writers_never_mix_their_lines(tmp_path):
    path = tmp_path / "commands.jsonl"

    def write(name):
        for number in range(200):
            append_line(path, {"from": name, "number": number, "long": name * 500})

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines, _ = read_lines(path)
    for name in "ab":
        assert [line["number"] for line in lines if line["from"] == name] == list(range(200))
