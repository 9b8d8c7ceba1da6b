"""`make demo`: the whole product on this machine, in the foreground, until Ctrl-C."""

import os
import signal
import sys
import time
from pathlib import Path

from smartmessage.stack.data import DataDir, InUseError
from smartmessage.stack.processes import SEED, Ports
from smartmessage.stack.programs import StartError, exit_on_signal, is_true_within, leash_to_parent
from smartmessage.stack.supervisor import ROOT, Stack

LOOK_EVERY = 0.5  # seconds
ENDING_TAKES = 20.0  # seconds, at most: processes that don't end when asked are killed

WELCOME = """
SmartMessage is running.

  the product    {product}
  the handset    {handset}   (plays the candidates' phones; /mail shows everybody's mail)
  health         {product}/healthz
  logs           {logs}

Sign in with any of these; the password is always  smartmessage-demo

  Northwind Robotics  maya@northwind.example    recruiter, may text      <- start here
                      jonas@northwind.example   same team, reads only
                      priya@northwind.example   another team
                      leo@northwind.example     sourcer
                      admin@northwind.example   company admin
  Alder Clinics       nora@alder.example        recruiter, SMS only
                      admin@alder.example       company admin
  Quill Books         sam@quill.example         recruiter, without SmartMessage
                      admin@quill.example       company admin
  the platform        operator@platform.example (at {product}/admin/)

Ctrl-C ends everything; the data stays for the next run (`make reset` forgets it).
"""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, exit_on_signal)
    if "MAKELEVEL" in os.environ:
        leash_to_parent()  # make may be killed without a chance to tell us
    try:
        with new_stack() as stack:
            try:
                bring_up(stack)
                watch(stack)
            finally:
                ignore_signals()  # from here on nothing interrupts the tidying up
                say("Stopping …")
    except (StartError, InUseError) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def new_stack() -> Stack:
    """The stack, as soon as an earlier run that is just ending has let go of the folder."""
    ports = Ports.chosen(os.environ)
    try:
        return Stack(data_folder(), ports=ports)
    except InUseError as failure:
        say(f"{failure}\nWaiting a moment, should it be ending …")
    if not is_true_within(ENDING_TAKES, DataDir(data_folder()).is_free):
        raise InUseError(f"{data_folder()} is still in use.")
    return Stack(data_folder(), ports=ports)


def data_folder() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data")


def bring_up(stack: Stack) -> None:
    """Everything, in the order in which one needs the other."""
    stack.check_ports(*stack.names)
    if stack.servers:
        say(f"Starting {' and '.join(stack.servers)} …")
        stack.start(*stack.servers)
    say("Preparing the database …")
    stack.prepare()
    if "simulator" in stack.names:
        say("Starting the Twilio simulator …")
        stack.start("simulator")
    say("Seeding the demo's people …")
    stack.run(*SEED)
    say("Starting web, live, worker and sweeper …")
    stack.start(*(name for name in stack.names if name != "simulator"))
    stack.wait_until_healthy()
    handset = (
        f"http://127.0.0.1:{stack.ports.simulator}"
        if "simulator" in stack.names
        else "(none: TWILIO_API_BASE_URL is set)"
    )
    say(WELCOME.format(product=stack.url, handset=handset, logs=stack.data_dir.path / "logs"))


def watch(stack: Stack) -> None:
    """Start again whatever dies, until somebody asks us to end."""
    try:
        while True:
            for sentence in stack.revive():
                say(f"{time.strftime('%H:%M:%S')}  {sentence}")
            time.sleep(LOOK_EVERY)
    except SystemExit:
        return


def ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
