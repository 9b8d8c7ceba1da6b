"""Each requirement has a test that names it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REQUIREMENTS = {
    *("A1", "A2", "A3", "A4", "A5", "S1", "S2", "S3", "S4", "F1", "F2", "F3", "F4", "F5", "F6"),
    *(f"O{number}" for number in range(1, 17)),
    *("W1", "W2", "W3", "W4", "W5", "N1", "N2", "P1", "P2", "P3", "V1", "V2"),
    *(f"Q{number}" for number in range(1, 10)),
    *(f"I{number}" for number in range(1, 10)),
}


def marks(source: str) -> Iterator[str]:
    """The ids in each `requirement(…)` of a file that marks a test."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            yield from (
                word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


@pytest.fixture(scope="module")
def marked() -> dict[str, set[str]]:
    """Where each requirement is named."""
    found: dict[str, set[str]] = {}
    for file in HERE.rglob("test_*.py"):
        for name in marks(file.read_text()):
            found.setdefault(name, set()).add(str(file.relative_to(HERE)))
    return found


@pytest.mark.parametrize("name", sorted(REQUIREMENTS))
def test_a_requirement_is_proved_somewhere(marked: dict[str, set[str]], name: str) -> None:
    assert marked.get(name), f"no test is marked with {name}"


def test_no_mark_names_what_is_no_requirement(marked: dict[str, set[str]]) -> None:
    assert marked.keys() <= REQUIREMENTS
