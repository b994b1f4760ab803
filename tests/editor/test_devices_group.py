"""What the form of a training says of devices, what it offers, and what a choice there changes."""

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import Choice, Notebook, TrainingCell
from weftwork.compiler.memory_estimate import MemoryEstimate
from weftwork.editor.cells.device_offers import device_offers
from weftwork.editor.cells.devices_group import devices_group
from weftwork.editor.cells.training_edits import TrainingEdits
from weftwork.editor.machine_devices import MachineDevices
from weftwork.runtime.distribution.here import Device, Machine, machine_from_json

GB = 1_000_000_000
LAPTOP = Machine((Device("CPU:0", 16 * GB),), 8, asked=True)
SERVER = Machine(
    (Device("CPU:0", 256 * GB), *(Device(f"GPU:{n}", 24 * GB, "NVIDIA L4") for n in range(4))), 64, asked=True
)
POD = Machine((Device("CPU:0", 256 * GB), *(Device(f"TPU:{n}") for n in range(8))), 96, asked=True)
ESTIMATE = MemoryEstimate(weights=4_000_000, gradients=4_000_000, optimizer=8_000_000, row=1_000_000)


def cell_of(batch_size: int = 32, **options) -> TrainingCell:
    return TrainingCell(id="t", name="train", batch_size=batch_size, options=options)


@pytest.fixture(params=[True, False], ids=["with JAX", "without JAX"])
def jax(request, monkeypatch) -> bool:
    for module in ("devices_group", "device_words"):
        monkeypatch.setattr(f"weftwork.editor.cells.{module}.has_jax", lambda: request.param)
    return request.param


def test_group_tells_the_share_of_each_device_and_of_batch_normalization():
    group = devices_group(cell_of(strategy="mirrored", replicas=3), LAPTOP)
    assert group.words == "all devices of this machine, 3 of them"
    assert group.changed
    assert "Each of 3 devices takes 10 or 11 rows of the 32 of a batch." in group.blocks[0].hint
    assert "Batch normalization becomes synchronized" in group.blocks[0].hint
    plain = devices_group(cell_of(), LAPTOP)
    assert (plain.words, plain.changed, plain.blocks[0].hint) == ("one device", False, "")


def test_group_tells_of_every_strategy_and_backend_and_how_machines_are_started():
    group = devices_group(cell_of(strategy="multi-worker", backend="jax"), LAPTOP)
    strategy, backend = group.blocks[0].settings
    assert [value for value, _ in strategy.choices] == ["one", "mirrored", "multi-worker", "tpu", "model-parallel"]
    assert [value for value, _ in backend.choices] == ["tensorflow", "jax"]
    assert "weftwork train FILE --workers host:port,host:port --index 0" in group.blocks[0].hint
    assert group.words == "several machines, by JAX"


def test_group_lists_the_devices_of_the_machine_with_their_memory():
    assert devices_group(cell_of(), LAPTOP).blocks[1].facts == [
        ("CPU:0", "8 processors, 16.0 GB memory"),
        ("GPU, TPU", "none"),
    ]
    assert devices_group(cell_of(), SERVER).blocks[1].facts[1:3] == [
        ("GPU:0", "NVIDIA L4, 24.0 GB memory"),
        ("GPU:1", "NVIDIA L4, 24.0 GB memory"),
    ]
    unasked = Machine(LAPTOP.devices, 8)
    assert devices_group(cell_of(), unasked).blocks[1].facts[-1][1] == "not known before TensorFlow has loaded"


def test_group_tells_what_each_strategy_would_do_with_the_batch(jax):
    def told(machine: Machine) -> dict[str, str]:
        return dict(devices_group(cell_of(), machine).blocks[2].facts)

    laptop, server, pod = (told(machine) for machine in (LAPTOP, SERVER, POD))
    assert (laptop["One device"], server["One device"]) == ("all rows on CPU:0", "all rows on GPU:0")
    mirrored = "All devices of this machine"
    assert laptop[mirrored] == "16 rows of the 32 on each of the 2 parts of the CPU"
    assert server[mirrored] == "8 rows of the 32 on each of GPU:0, GPU:1, GPU:2, GPU:3"
    assert laptop["Several machines"] == "16 rows of the 32 on each device of 2 such machines"
    assert server["Several machines"] == "4 rows of the 32 on each device of 2 such machines"
    assert (laptop["A TPU"], pod["A TPU"]) == ("none here", "4 rows of the 32 on each of 8 cores")
    spread = server["One network over several devices"]
    assert spread == (
        "by JAX: all rows on each of 4 devices, which share the weights"
        if jax
        else "by JAX, which is not installed: pip install 'weftwork[jax]'"
    )


def test_group_estimates_the_memory_of_each_device_before_anything_starts():
    def told(cell: TrainingCell, machine: Machine) -> dict[str, str]:
        return dict(devices_group(cell, machine, ESTIMATE).blocks[3].facts)

    one = told(cell_of(), LAPTOP)
    assert one["Weights, gradients"] == "4 MB, 4 MB"
    assert one["Adam"] == "8 MB"
    assert one["32 rows"] == "about 32 MB"
    assert one["Copies while it is saved"] == "up to 60 MB of main memory"
    assert one["Together"] == "about 108 MB of 16.0 GB, besides 900 MB for TensorFlow and the data"
    four = told(cell_of(strategy="mirrored"), SERVER)
    assert four["8 rows"] == "about 8 MB"
    assert four["Together"] == "about 24 MB of 24.0 GB"
    unknown = devices_group(cell_of(), LAPTOP, None, "The network has problems.").blocks[3]
    assert (unknown.facts, unknown.hint) == ([], "The network has problems.")


@pytest.mark.parametrize(
    ("options", "machine", "title", "batch", "rate"),
    [
        ({"strategy": "mirrored"}, SERVER, "a batch of 128, the learning rate 0.004", 128, 0.004),
        ({"strategy": "mirrored", "replicas": 2}, LAPTOP, "a batch of 64, the learning rate 0.002", 64, 0.002),
        ({"strategy": "tpu"}, POD, "a batch of 256, the learning rate 0.008", 256, 0.008),
    ],
)
def test_more_rows_for_each_device_are_offered_with_a_scaled_learning_rate(options, machine, title, batch, rate):
    cell = cell_of(**options)
    (offer,) = device_offers(cell, machine, rate=0.001)
    assert (offer.code, offer.severity) == ("T476", "info")
    (fix,) = offer.fixes
    assert fix.title.endswith(title)
    changed = apply_all(Notebook(cells=(cell,)), fix.changes).cell("train")
    assert (changed.batch_size, changed.optimizer.params["learning_rate"]) == (batch, rate)
    assert device_offers(changed, machine, rate=rate) == []


def test_schedule_is_left_alone_and_one_device_is_offered_nothing():
    schedule = Choice(kind="Adam", params={"learning_rate": {"kind": "CosineDecay", "params": {}}})
    cell = cell_of(strategy="mirrored").model_copy(update={"optimizer": schedule})
    (offer,) = device_offers(cell, LAPTOP, rate=None)
    changed = apply_all(Notebook(cells=(cell,)), offer.fixes[0].changes).cell("train")
    assert (changed.batch_size, changed.optimizer) == (64, schedule)
    assert device_offers(cell_of(), SERVER, ESTIMATE, 0.001) == []


def test_batch_that_will_not_fit_is_told_before_it_is_tried():
    cell = cell_of(20_000, strategy="mirrored")
    small = Machine((Device("CPU:0", 16 * GB), Device("GPU:0", 2 * GB), Device("GPU:1", 2 * GB)), 8, asked=True)
    (offer,) = device_offers(cell, small, ESTIMATE, 0.001)
    assert offer.message == "A run takes about 10.0 GB on each device; a GPU has 2.0 GB here."
    (fix,) = offer.fixes
    changed = apply_all(Notebook(cells=(cell,)), fix.changes).cell("train")
    assert changed.batch_size == 2 * ESTIMATE.largest_batch(2 * GB)
    assert device_offers(changed, small, ESTIMATE, 0.001) == []
    hopeless = MemoryEstimate(4 * GB, 4 * GB, 8 * GB, 10)
    (offer,) = device_offers(cell, small, hopeless)
    assert offer.fixes == ()
    assert "Not even the weights fit" in offer.help


def test_run_that_found_no_memory_offers_the_largest_batch_that_fits():
    info = {"state": "failed", "fits": {"batch_size": 96, "of": 512}}
    cell = cell_of(512)
    (offer,) = device_offers(cell, LAPTOP, last_run=info)
    assert offer.message == "The memory did not suffice for batches of 512 rows in the last run; 96 fit."
    changed = apply_all(Notebook(cells=(cell,)), offer.fixes[0].changes).cell("train")
    assert changed.batch_size == 96
    assert device_offers(changed, LAPTOP, last_run=info) == []
    assert device_offers(cell, LAPTOP, last_run={"state": "finished"}) == []


def test_choice_of_devices_is_an_edit_and_one_device_takes_it_back():
    cell = TrainingCell(id="t", name="train")
    notebook = Notebook(cells=(cell,))
    for name, value, plain in (("strategy", "mirrored", "one"), ("backend", "jax", "tensorflow")):
        chosen = apply_all(notebook, TrainingEdits(cell).edit(name, value)[1])
        assert chosen.cell("train").options == {name: value}
        assert apply_all(chosen, TrainingEdits(chosen.cell("train")).edit(name, plain)[1]) == notebook


class HostWithGpus:
    def __init__(self) -> None:
        self.state, self.asked = "starting", 0

    def call(self, function, arguments, limit):
        self.asked += 1
        assert function == "weftwork.runtime.distribution.list_devices:list_devices"
        return SERVER.to_json()


def test_devices_are_asked_for_once_when_tensorflow_is_ready():
    host, known, told = HostWithGpus(), MachineDevices(), []

    def background(work, done):
        done(work(), None)

    known.ask(host, background, lambda: told.append("more"))
    assert (host.asked, known.machine.asked) == (0, False)
    host.state = "ready"
    for _ in range(2):
        known.ask(host, background, lambda: told.append("more"))
    assert (host.asked, told) == (1, ["more"])
    assert known.machine == SERVER == machine_from_json(SERVER.to_json())
