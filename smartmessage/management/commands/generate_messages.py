"""A company with as many messages as you like, for measuring and for looking at full pages."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from accounts.models import Company
from smartmessage.generation import company, run

RECRUITER_FOR = 25_000  # messages
BAR = 30  # characters


class Command(BaseCommand):
    help = "Makes a company with recruiters, jobs, people and the given number of messages, within seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--messages", type=int, default=100_000, help="how many (default: 100000)")
        parser.add_argument("--company", default="Halcyon Staffing", help="its name, which must be new")
        parser.add_argument("--recruiters", type=int, help="how many (default: one for 25,000 messages, at least 20)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same conversations")
        parser.add_argument(
            "--even-in-production", action="store_true", help="add made-up people to a database that is no demo"
        )

    def handle(self, *args: object, **options: Any) -> None:
        messages, name, seed = options["messages"], options["company"], options["seed"]
        recruiters = options["recruiters"] or max(20, messages // RECRUITER_FOR)
        if messages < 100 or recruiters < 1:
            raise CommandError("At least 100 messages and one recruiter, please.")
        if not (settings.DEMO or settings.DEBUG or options["even_in_production"]):
            raise CommandError(
                "This is no demo, so the made-up people would stand among real ones. Nothing was added. "
                "If you mean it, say so with --even-in-production."
            )
        if Company.objects.filter(name=name).exists():
            raise CommandError(
                f"There is a company called {name} already. Nothing was added. Choose another --company."
            )
        began, progress = time.monotonic(), Progress(messages)
        made = run.generate(name=name, messages=messages, recruiters=recruiters, seed=seed, say=progress.say)
        progress.say("Statistics", messages)
        run.tidy()
        progress.end()
        seconds = time.monotonic() - began
        self.stdout.write(f"{messages:,} messages in {seconds:.1f} s, {messages / seconds:,.0f} a second.")
        busiest = made.users.order_by("pk").first()
        assert busiest
        self.stdout.write(f"The busiest recruiter signs in as {busiest.email} with {company.PASSWORD}.")


class Progress:
    """A bar on a terminal; elsewhere a line for each step."""

    def __init__(self, messages: int) -> None:
        self.messages, self.step, self.is_terminal = messages, "", sys.stderr.isatty()

    def say(self, step: str, done: int) -> None:
        if self.is_terminal:
            lit = BAR * done // self.messages
            bar = "█" * lit + "░" * (BAR - lit)
            print(
                f"\r\033[K{bar} {done:,} of {self.messages:,} messages · {step} …", end="", file=sys.stderr, flush=True
            )
        elif step != self.step:
            print(f"{step} …", file=sys.stderr, flush=True)
        self.step = step

    def end(self) -> None:
        if self.is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
