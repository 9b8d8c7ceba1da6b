"""What is measured, as numbers: rates in turns, and times."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

LONGEST = 60.0  # seconds for the rounds of one figure


@dataclass(frozen=True)
class Rates:
    """How many a second, by the product and by its baseline, round by round."""

    name: str
    baseline: str
    product_a_second: list[float] = field(default_factory=list)
    baseline_a_second: list[float] = field(default_factory=list)
    aim: float | None = None

    @property
    def ratios(self) -> list[float]:
        """Of neighbouring rounds, so that what else the machine does falls on both."""
        return [ours / bare for ours, bare in zip(self.product_a_second, self.baseline_a_second, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)


@dataclass(frozen=True)
class Times:
    """How long something took, again and again, in seconds; beside its baseline."""

    name: str
    baseline: str
    product: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    aim: float | None = None

    @property
    def ratio(self) -> float:
        return median(self.product) / median(self.bare)


@dataclass(frozen=True)
class Batch:
    """A piece of work that ends, again and again: its seconds, and the most megabytes that its process held."""

    name: str
    baseline: str
    most_seconds: float
    most_mb: float
    product: list[tuple[float, float]] = field(default_factory=list)
    bare: list[tuple[float, float]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(seconds for seconds, _mb in self.product) / median(seconds for seconds, _mb in self.bare)


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def in_turns(figure: Rates, *, rounds: int, product: Callable[[], float], baseline: Callable[[], float]) -> Rates:
    """Measure both again and again; who begins alternates. The first round only warms up.

    On a busy machine there are fewer rounds than asked for, but at least two.
    """
    product()
    baseline()
    turns = [(product, figure.product_a_second), (baseline, figure.baseline_a_second)]
    began = time.monotonic()
    for number in range(rounds):
        if number >= 2 and time.monotonic() - began > LONGEST:
            break
        for measure, rates in turns:
            rates.append(measure())
        turns.reverse()
    return figure
