"""A stack of dummy processes that a test can run as a program of its own, and kill: `python dummies.py DATA_DIR`."""

import signal
import sys
from pathlib import Path

from smartmessage.stack.demo import say, watch
from smartmessage.stack.programs import exit_on_signal
from smartmessage.stack.supervisor import Stack

ELSEWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
SLEEPER = ("python", "-c", "import time; time.sleep(600)")
PARENT_OF_SLEEPER = (
    "python",
    "-c",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])",
)
COMMANDS = {"sleeper": SLEEPER, "parent": PARENT_OF_SLEEPER}


def dummy_stack(data_dir: Path) -> Stack:
    return Stack(data_dir, env=ELSEWHERE, commands=COMMANDS)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, exit_on_signal)
    with dummy_stack(Path(sys.argv[1])) as stack:
        stack.start()
        say("started")
        watch(stack)
        say("stopping")
