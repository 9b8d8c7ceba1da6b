"""Modules are kept by browsers for good, so they may only ever name each other by their content."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from smartmessage.stack.supervisor import ROOT
from smartmessage.static_files import HashedFiles

NAMED = re.compile(r'(?:\bfrom\s|\bimport\(|^import\s)\s*"\./([^"]+)"', re.MULTILINE)
BY_CONTENT = re.compile(r"\w+\.[0-9a-f]{12}\.js")


@pytest.mark.requirement("A1")
def test_a_module_imports_others_by_their_content(tmp_path: Path) -> None:
    # given our modules, collected as for production
    shutil.copytree(ROOT / "static" / "js", tmp_path / "js")
    source, files = FileSystemStorage(ROOT / "static"), HashedFiles(location=tmp_path, base_url="/static/")

    # when they are given their names
    names = [f"js/{path.name}" for path in (ROOT / "static" / "js").iterdir()]
    done = list(files.post_process({name: (source, name) for name in names}))

    # then what one imports, at once or later, is there under a name that changes with it
    assert not [result for *_, result in done if isinstance(result, Exception)]
    imported = {name: NAMED.findall((tmp_path / files.stored_name(name)).read_text()) for name in names}
    assert "live" in {each.partition(".")[0] for each in imported["js/page.js"]}
    for found in imported.values():
        assert all(BY_CONTENT.fullmatch(each) and (tmp_path / "js" / each).exists() for each in found)
