"""`make shell`: a Django shell on the demo's data, whether the demo runs or not."""

import json
import os
import subprocess
import sys

from smartmessage.stack.data import InUseError
from smartmessage.stack.demo import data_folder
from smartmessage.stack.processes import Ports
from smartmessage.stack.programs import StartError
from smartmessage.stack.supervisor import ENVIRONMENT_FILE, ROOT, Stack

SHELL = [sys.executable, "manage.py", "shell"]


def main() -> int:
    try:
        with Stack(data_folder(), ports=Ports.chosen(os.environ)) as stack:
            stack.start(*stack.servers)
            stack.prepare()
            return subprocess.run(SHELL, cwd=ROOT, env=stack.environment, check=False).returncode
    except InUseError:
        environment = json.loads((data_folder() / ENVIRONMENT_FILE).read_text())
        return subprocess.run(SHELL, cwd=ROOT, env=environment, check=False).returncode
    except StartError as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
