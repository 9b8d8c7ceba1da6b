"""The supervisor keeps its processes alive while it lives, and takes them along when it goes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartmessage.stack.ports import LOOPBACK, free_port, is_free
from smartmessage.stack.processes import Ports
from smartmessage.stack.programs import StartError
from smartmessage.stack.supervisor import FIRST_PAUSE, Restarts, Stack
from tests.stack.dummies import ELSEWHERE, SLEEPER, dummy_stack
from tests.stack.looking import eventually, is_gone, living

DUMMIES = [sys.executable, "-m", "tests.stack.dummies"]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with dummy_stack(tmp_path) as stack:
        yield stack


def test_a_killed_process_is_started_again(stack: Stack) -> None:
    # given
    stack.start()
    before = stack.pid("sleeper")
    # when
    stack.kill("sleeper")
    # then
    assert stack.pid("sleeper") is None
    eventually(lambda: stack.revive() == ["sleeper had died and was started again."])
    assert stack.pid("sleeper") not in (None, before)


def test_a_kill_takes_the_children_of_the_process_along(stack: Stack, tmp_path: Path) -> None:
    stack.start("parent")
    eventually(lambda: len(living(tmp_path / "run" / "parent.pid")) == 2)
    both = living(tmp_path / "run" / "parent.pid")
    stack.kill("parent")
    eventually(lambda: all(is_gone(pid) for pid in both))


def test_the_pause_before_a_restart_grows_and_is_forgotten_after_a_steady_time() -> None:
    restarts, now, pauses = Restarts(started_at=0), 0.0, []
    for _ in range(8):
        restarts.is_due(now=now)
        assert restarts.due_at is not None
        pauses.append(restarts.due_at - now)
        now = restarts.due_at
        assert restarts.is_due(now=now)
        restarts.note_start(now=now)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    restarts.is_due(now=now + 60)
    assert restarts.due_at == now + 60 + FIRST_PAUSE


def test_a_process_that_dies_at_the_start_is_reported_with_its_last_words(tmp_path: Path) -> None:
    with Stack(
        tmp_path, env=ELSEWHERE, commands={"web": ("python", "-c", "raise SystemExit('no such thing')")}
    ) as stack:
        stack.start()
        with pytest.raises(StartError, match=r"web died at the start\.\nno such thing"):
            stack.wait_until_healthy()
        assert stack.log("web") == "no such thing"


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    ports = Ports.free()
    squatter = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", LOOPBACK, str(ports.web)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    eventually(lambda: not is_free(ports.web))
    with (
        Stack(tmp_path, ports=ports, env=ELSEWHERE, commands={"web": SLEEPER}) as stack,
        pytest.raises(StartError, match=f"Port {ports.web} is in use (.|\n)* PORT={ports.web + 100} make demo"),
    ):
        stack.start()
    squatter.kill()
    squatter.wait()


def test_free_ports_are_never_given_twice() -> None:
    ports = [free_port() for _ in range(100)]
    assert len(set(ports)) == len(ports)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    run = subprocess.Popen([*DUMMIES, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert run.stdout
    assert run.stdout.readline() == "started\n"
    yield run
    run.kill()
    run.wait()
    run.stdout.close()
    with dummy_stack(tmp_path) as stack:
        stack.start()  # a killed run's grandchildren are ended by the next one


def test_sigterm_leaves_no_process_behind(supervisor: "subprocess.Popen[str]", tmp_path: Path) -> None:
    everybody = _everybody(tmp_path)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(20) == 0
    assert all(is_gone(pid) for pid in everybody)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_supervisor_takes_its_processes_along(supervisor: "subprocess.Popen[str]", tmp_path: Path) -> None:
    direct = [int(file.read_text()) for file in (tmp_path / "run").glob("*.pid")]
    supervisor.kill()
    eventually(lambda: all(is_gone(pid) for pid in direct))


def test_the_next_run_ends_what_a_killed_one_left_behind(supervisor: "subprocess.Popen[str]", tmp_path: Path) -> None:
    # given a grandchild that outlives both
    everybody = _everybody(tmp_path)
    supervisor.kill()
    supervisor.wait()
    # when
    with dummy_stack(tmp_path) as stack:
        stack.start()
        # then
        assert all(is_gone(pid) for pid in everybody)


def test_the_supervisor_restarts_what_others_kill(supervisor: "subprocess.Popen[str]", tmp_path: Path) -> None:
    file = tmp_path / "run" / "sleeper.pid"
    before = int(file.read_text())
    os.kill(before, signal.SIGKILL)
    eventually(lambda: file.exists() and file.read_text() not in ("", str(before)))


def _everybody(data_dir: Path) -> list[int]:
    """Every process of the dummy stack, once it is complete."""
    files = [data_dir / "run" / f"{name}.pid" for name in ("sleeper", "parent")]
    eventually(lambda: sum(len(living(file)) for file in files) == 3)
    return [pid for file in files for pid in living(file)]


def test_a_port_that_is_no_number_is_refused_by_name() -> None:
    assert Ports.chosen({"PORT": "8010", "LIVE_PORT": ""}) == Ports(web=8010)
    with pytest.raises(StartError, match="LIVE_PORT"):
        Ports.chosen({"LIVE_PORT": "x"})
