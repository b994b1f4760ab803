"""Devices that a machine lists, and what is made of them: GPUs and TPUs that are only told of take the same way."""

from __future__ import annotations

import stat
from types import SimpleNamespace

import psutil
import pytest

from weftwork.compiler.device_options import MIRRORED, MODEL_PARALLEL, MULTI_WORKER, TPU, Placement
from weftwork.runtime.distribution.backend_process import environment_for
from weftwork.runtime.distribution.chosen import chosen_jax_devices
from weftwork.runtime.distribution.here import Device, machine_from_json, this_machine
from weftwork.runtime.distribution.list_devices import listed


def physical(*kinds: str) -> list[SimpleNamespace]:
    numbers = dict.fromkeys(kinds, 0)
    found = []
    for kind in kinds:
        found.append(SimpleNamespace(device_type=kind, name=f"/physical_device:{kind}:{numbers[kind]}"))
        numbers[kind] += 1
    return found


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """A GPU driver's program that tells of two memories."""
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 24564\necho 24564\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


def test_machine_tells_its_processors_and_memory_without_tensorflow():
    machine = this_machine()
    assert machine.devices == (Device("CPU:0", psutil.virtual_memory().total),)
    assert not machine.asked
    assert machine.memory_of("GPU") is None


def test_gpus_are_listed_with_their_model_and_memory(driver):
    machine = listed(physical("CPU", "GPU", "GPU"), lambda device: {"device_name": f"model of {device.name[-1]}"})
    assert machine.devices[1:] == (
        Device("GPU:0", 24564 * 2**20, "model of 0"),
        Device("GPU:1", 24564 * 2**20, "model of 1"),
    )
    assert machine.kinds() == {"CPU": 1, "GPU": 2}
    assert machine_from_json(machine.to_json()) == machine


def test_tpu_cores_are_listed_and_their_memory_is_nobodys_guess():
    machine = listed(physical("CPU", "TPU", "TPU"), lambda device: {})
    assert machine.kinds() == {"CPU": 1, "TPU": 2}
    assert machine.memory_of("TPU") is None


@pytest.mark.keras
def test_this_machine_is_listed_by_tensorflow(host):
    machine = machine_from_json(host.call("weftwork.runtime.distribution.list_devices:list_devices", {}))
    assert machine.asked
    assert machine.devices[0] == this_machine().devices[0]


@pytest.fixture
def strategies(monkeypatch):
    """TensorFlow's strategies, that only note what they were made with."""
    import tensorflow as tf

    from weftwork.runtime.distribution import strategies as ours

    made = []

    def noting(name):
        return lambda *arguments, **named: made.append((name, arguments, named)) or name

    for name in ("MirroredStrategy", "MultiWorkerMirroredStrategy", "TPUStrategy"):
        monkeypatch.setattr(ours.tf.distribute, name, noting(name))
    monkeypatch.setattr(ours.tf.distribute.cluster_resolver, "TPUClusterResolver", lambda: "resolver")
    monkeypatch.setattr(ours.tf.config, "experimental_connect_to_cluster", lambda resolver: None)
    monkeypatch.setattr(ours.tf.tpu.experimental, "initialize_tpu_system", lambda resolver: None)

    def of(placement: Placement, *kinds: str):
        made.clear()
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: physical(*kinds))
        ours.make_devices(placement)
        ours.make_strategy(placement)
        return made

    return of


@pytest.mark.keras
def test_gpus_and_tpus_are_selected_where_they_are_listed(strategies):
    ((name, (devices,), named),) = strategies(Placement(MIRRORED), "CPU", "GPU", "GPU", "GPU")
    assert (name, devices) == ("MirroredStrategy", ["GPU:0", "GPU:1", "GPU:2"])
    # NCCL, as TensorFlow chooses it; only parts of a CPU are summed by one of them.
    assert named["cross_device_ops"] is None
    ((_, (devices,), _),) = strategies(Placement(MIRRORED, 2), "CPU", "GPU", "GPU", "GPU")
    assert devices == ["GPU:0", "GPU:1"]
    assert strategies(Placement(MIRRORED), "CPU", "GPU") == []
    assert [name for name, *_ in strategies(Placement(MULTI_WORKER), "CPU", "GPU")] == ["MultiWorkerMirroredStrategy"]
    assert strategies(Placement(TPU), "CPU", "TPU", "TPU") == [("TPUStrategy", ("resolver",), {})]
    assert strategies(Placement(), "CPU", "GPU") == []


def test_network_is_spread_over_the_accelerators_of_jax():
    present = [f"gpu:{number}" for number in range(4)]
    assert chosen_jax_devices(Placement(MODEL_PARALLEL, backend="jax"), present) == present
    assert chosen_jax_devices(Placement(MODEL_PARALLEL, 2, "jax"), present) == present[:2]


def test_process_of_a_run_by_jax_is_started_with_its_backend_and_its_parts_of_a_cpu(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false --xla_force_host_platform_device_count=9")
    assert environment_for({}) == environment_for({"placement": {"strategy": "mirrored"}}) == {}
    assert environment_for({"placement": {"backend": "jax"}})["KERAS_BACKEND"] == "jax"
    spread = environment_for({"placement": {"backend": "jax", "strategy": "model-parallel", "replicas": 4}})
    assert spread["XLA_FLAGS"] == "--xla_cpu_enable_fast_math=false --xla_force_host_platform_device_count=4"
