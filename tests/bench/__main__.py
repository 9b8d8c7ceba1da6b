"""`make bench`: starts the product, measures it in turns with its baselines, and writes down what came out.

python -m tests.bench [webhooks] [relay] [pacing] [replies] [pages] [imports] [inbox] [streams] [weight]   all, or these
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from smartmessage.stack import processes
from smartmessage.stack.demo import data_folder
from smartmessage.stack.ports import LOOPBACK, free_port
from smartmessage.stack.processes import Ports
from smartmessage.stack.supervisor import Stack

KINDS = ("webhooks", "relay", "pacing", "replies", "pages", "imports", "inbox", "streams", "weight")
CONVERSATIONS = 240


def main(chosen: list[str]) -> int:
    load_before, results = os.getloadavg(), data_folder() / "bench"
    folder = Path(tempfile.mkdtemp(prefix="smartmessage-bench-"))
    folder.chmod(0o755)  # PostgreSQL, if it is ours to start, runs as another user
    provider_port, bare_port = free_port(), free_port()
    provider = f"http://{LOOPBACK}:{provider_port}"
    try:
        with Stack(folder / "data", env={"TWILIO_API_BASE_URL": provider}) as stack:
            say("Starting the product …")
            stack.start(*stack.servers)
            stack.prepare()
            stack.run("python", "-m", "tests.bench.bare")
            stack.start("web", "live", "worker", "sweeper")
            stack.wait_until_healthy()
            os.environ.update(stack.environment)
            django.setup()

            from tests.bench import (
                imports,
                inbox,
                pacing,
                pages,
                relay,
                replies,
                report,
                scene,
                sections,
                streams,
                webhooks,
                weight,
            )  # they need Django to be set up

            bare = [
                "tests.bench.bare:application" if part == "smartmessage.wsgi:application" else part
                for part in processes.commands(Ports(web=bare_port))["web"]
            ]
            stub = ["python", "-m", "tests.bench.stub", str(provider_port)]
            say("Making conversations …")
            stage = scene.build(stack, conversations=CONVERSATIONS, bare_port=bare_port)
            rates, times, batches, more = [], [], [], sections.Sections()
            with (
                scene.running(stack, "bare", bare, port=bare_port),
                scene.running(stack, "stub", stub, port=provider_port),
            ):
                if "webhooks" in chosen:
                    say("From a webhook to its commit …")
                    rates.append(webhooks.measure(stage))
                if "relay" in chosen:
                    say("The relay …")
                    rates.append(relay.measure(stage, provider))
                if "pacing" in chosen:
                    say("A burst, and single texts beside it …")
                    pace, single = pacing.measure(provider)
                    rates.append(pace)
                    times.append(single)
                if "replies" in chosen:
                    say("From a reply to the open page …")
                    times.append(replies.measure(stage))
                if "pages" in chosen:
                    say("Pages …")
                    rates.append(pages.measure(stage))
                if "imports" in chosen:
                    say("An import …")
                    batches.append(imports.measure(stage))
                if "streams" in chosen:
                    say("A thousand open pages …")
                    more.streams = streams.measure(stage)
                if "inbox" in chosen:
                    say("The Inbox, size by size …")
                    more.sizes = inbox.measure(stack)
                if "weight" in chosen:
                    say("What the Inbox weighs …")
                    more.weights = weight.measure(stack)
            where = report.surroundings(load_before)
            report.write(results, rates, times, batches, more, where)
            print(f"\n{report.words(rates, times, batches, more)}\n\n{where}\nWritten to {results}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(KINDS)))
