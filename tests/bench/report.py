"""The figures as a table, in words and in JSON, and as a picture."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench import sections
from tests.bench.figures import Batch, Rates, Times, percentile
from tests.bench.sections import Sections


def surroundings(load_before: tuple[float, float, float]) -> str:
    """Where and when it was measured; a busy machine shows here."""
    load = "/".join(f"{each:.1f}" for each in load_before)
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load before the start {load}"


def table(rates: Sequence[Rates], times: Sequence[Times], batches: Sequence[Batch]) -> str:
    """In Markdown, which reads well in a terminal too."""
    rows = [("measured", "product", "baseline", "ratio", "aim")]
    for rate in rates:
        spread = f"{rate.ratio:.2f} ({min(rate.ratios):.2f} to {max(rate.ratios):.2f})"
        aim = f"≥ {rate.aim}" if rate.aim else "none, for information"
        ours, bare = (
            f"{sorted(each)[len(each) // 2]:.0f}/s" for each in (rate.product_a_second, rate.baseline_a_second)
        )
        rows.append((rate.name, ours, f"{bare} {rate.baseline}", spread, aim))
    for time in times:
        ours, bare = (
            f"p50 {percentile(each, 50) * 1000:.0f} ms, p95 {percentile(each, 95) * 1000:.0f} ms"
            for each in (time.product, time.bare)
        )
        aim = f"p95 < {time.aim * 1000:.0f} ms" if time.aim else ""
        rows.append((time.name, ours, f"{bare} {time.baseline}", f"{time.ratio:.1f}", aim))
    for batch in batches:
        ours, bare = (
            f"{median(seconds for seconds, _mb in each):.1f} s, {max(mb for _seconds, mb in each):.0f} MB"
            for each in (batch.product, batch.bare)
        )
        aim = f"< {batch.most_seconds:.0f} s, < {batch.most_mb:.0f} MB"
        rows.append((batch.name, ours, f"{bare} {batch.baseline}", f"{batch.ratio:.1f}", aim))
    return sections.table(rows)


def words(rates: Sequence[Rates], times: Sequence[Times], batches: Sequence[Batch], more: Sections) -> str:
    """All tables, one after the other."""
    first = table(rates, times, batches) if rates or times or batches else ""
    return "\n\n".join(filter(None, [first, more.words()]))


def write(
    folder: Path,
    rates: Sequence[Rates],
    times: Sequence[Times],
    batches: Sequence[Batch],
    more: Sections,
    where: str,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(f"{words(rates, times, batches, more)}\n\n{where}\n")
    kinds: dict[str, Sequence[Rates | Times | Batch]] = {"rates": rates, "times": times, "batches": batches}
    figures = {kind: [asdict(each) for each in found] for kind, found in kinds.items()}
    numbers = {"measured": where, **figures, **more.numbers()}
    (folder / "bench.json").write_text(json.dumps(numbers, indent=2))
    if rates or times:
        draw(folder / "bench.png", rates, times, where)
    if more.sizes:
        sections.draw(folder / "inbox.png", more.sizes, where)


def draw(file: Path, rates: Sequence[Rates], times: Sequence[Times], where: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    with_aim = [rate for rate in rates if rate.aim]
    for row, rate in enumerate(with_aim):
        panels[0].barh(row, rate.ratio, color="#3b6fb5", height=0.5)
        panels[0].plot(rate.ratios, [row] * len(rate.ratios), "o", color="#1b2a41", markersize=4)
        panels[0].plot([rate.aim] * 2, [row - 0.35, row + 0.35], color="#c0392b", linewidth=2)
    panels[0].set_yticks(range(len(with_aim)), [rate.name for rate in with_aim])
    panels[0].axvline(1, color="grey", linewidth=0.8)
    panels[0].set_title("Throughput, as a share of the bare baseline (red: the aim)", fontsize=10)
    for time in times:
        for values, name, colour in ((time.product, time.name, "#3b6fb5"), (time.bare, time.baseline, "#9aa5b1")):
            shares = [(index + 1) / len(values) for index in range(len(values))]
            panels[1].step([each * 1000 for each in sorted(values)], shares, label=name, color=colour)
        if time.aim:
            panels[1].plot([time.aim * 1000], [0.95], "v", color="#c0392b", label="aim for p95")
    panels[1].set_xlim(left=0)
    panels[1].set_xlabel("ms")
    panels[1].set_title("Share of replies that are visible after so long", fontsize=10)
    if times:
        panels[1].legend(fontsize=8)
    figure.suptitle(where, fontsize=8, color="grey")
    figure.savefig(file, dpi=130)
