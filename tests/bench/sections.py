"""The Inbox's figures in words and as a picture: size beside size, a thousand streams, the page's weight."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from tests.bench import streams, weight
from tests.bench.figures import percentile
from tests.bench.inbox import Asked, Sizes
from tests.bench.streams import Streams
from tests.bench.weight import Weight

MOST_QUERIES, MOST_RATIO = 8, 1.3
DRAWN = ("list", "conversation, beside the list", "search, a rare word", "search, a common word")


@dataclass
class Sections:
    """What was measured of the Inbox; None, where it was not asked for."""

    sizes: Sizes | None = None
    streams: Streams | None = None
    weights: list[Weight] = field(default_factory=list)

    def words(self) -> str:
        """In Markdown."""
        parts = []
        if self.sizes:
            parts.append(of_sizes(self.sizes))
        if self.streams:
            parts.append(of_streams(self.streams))
        if self.weights:
            parts.append(of_weights(self.weights))
        return "\n\n".join(parts)

    def numbers(self) -> dict[str, object]:
        return {
            "sizes": asdict(self.sizes) if self.sizes else None,
            "streams": asdict(self.streams) if self.streams else None,
            "weights": [asdict(each) for each in self.weights],
        }


def table(rows: Sequence[Sequence[str]]) -> str:
    """In Markdown, which reads well in a terminal too; the first row is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def of_sizes(sizes: Sizes) -> str:
    messages = sorted({each.messages for each in sizes.asked})
    rows = [("p50 / p95 ms, queries", *(f"{size:,}" for size in messages), "largest to smallest", "aim p95")]
    for page in dict.fromkeys(each.page for each in sizes.asked):
        found = [each for each in sizes.asked if each.page == page]
        aim = f"< {found[0].most_ms:.0f} ms" if found[0].most_ms else ""
        rows.append((page, *(in_words(each) for each in found), f"{sizes.ratio(found[-1]):.2f}", aim))
    made = [f"{rate:,.0f}/s" for _size, rate in sorted(sizes.made_a_second.items())]
    rows.append(("messages made", *made, "", "≥ 50,000/s"))
    return table(rows)


def in_words(one: Asked) -> str:
    return f"{one.p50:.0f} / {one.p95:.0f}, {one.queries}"


def of_streams(found: Streams) -> str:
    alone, all_of_them = (
        f"p50 {percentile(each, 50) * 1000:.0f} ms, p95 {percentile(each, 95) * 1000:.0f} ms"
        for each in (found.alone, found.among_all)
    )
    ratio = median(found.among_all) / median(found.alone)
    return table(
        [
            ("a thousand open pages on one live process", "with all", "with one", "ratio", "aim"),
            ("memory a page", f"{found.page_kb:.0f} kB", "", "", f"< {streams.MOST_KB} kB"),
            ("webhook to event", all_of_them, alone, f"{ratio:.2f}", f"p95 < {streams.MOST_MS} ms"),
            (
                "the live process's CPU for an event that concerns one page",
                f"{found.cpu_ms:.2f} ms",
                f"{found.cpu_ms_alone:.2f} ms",
                f"{found.cpu_ms / found.cpu_ms_alone:.2f}" if found.cpu_ms_alone else "",
                "",
            ),
        ]
    )


def of_weights(weights: Sequence[Weight]) -> str:
    rows = [("page, cold", "over the line", "requests", "first paint, slow 4G", "first paint, no limit", "aim")]
    for each in weights:
        kinds = ", ".join(f"{kind} {size:.0f}" for kind, size in sorted(each.kilobytes.items()) if size >= 0.5)
        rows.append(
            (
                each.page,
                f"{each.total:.0f} kB ({kinds})",
                str(each.requests),
                f"{each.slow:.2f} s",
                f"{each.fast:.2f} s",
                f"< {weight.MOST_KB} kB, < {weight.MOST_SECONDS:.0f} s",
            )
        )
    return table(rows)


def draw(file: Path, sizes: Sizes, where: str) -> None:
    """The server's time against the company's size; both axes grow by factors."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.2), layout="constrained")
    for page, colour in zip(DRAWN, ("#3b6fb5", "#2a9d6f", "#c77d1e", "#8a5bb5"), strict=True):
        found = [each for each in sizes.asked if each.page == page]
        messages = [each.messages for each in found]
        axes.plot(messages, [each.p50 for each in found], "o-", color=colour, label=page)
        axes.fill_between(messages, [each.p50 for each in found], [each.p95 for each in found], color=colour, alpha=0.2)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("messages in the company")
    axes.set_ylabel("ms on the server, p50 (to p95)")
    axes.axhline(50, color="#c0392b", linewidth=1, linestyle="--")
    axes.text(sizes.asked[0].messages, 51, "aim for list and conversation, p95", color="#c0392b", fontsize=8)
    axes.legend(fontsize=8)
    axes.set_title(where, fontsize=8, color="grey")
    figure.savefig(file, dpi=130)
