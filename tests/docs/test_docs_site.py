"""Do the pages build without a warning, and load nothing from anywhere else?"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
FOREIGN = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
# What a page fetches by itself. Where a link leads is the reader's choice.
LOADED = {
    "src": None, "srcset": None, "data": {"object"}, "poster": None, "action": None, "background": None,
    "href": {"link", "use", "image", "base"}, "xlink:href": None,
}  # fmt: skip
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-t", "committed", "-d", str(out / "kept"), "-b", "html"]
    done = subprocess.run([*command, str(DOCS), str(out / "html")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / "html"


class _Loads(HTMLParser):
    """Collects every address that the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADED and (LOADED[name] is None or tag in (LOADED[name] or ())):
                self.found += re.split(r",\s+", value or "") if name == "srcset" else [value or ""]
            if name == "style":
                self.found += in_styles(value or "")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            self.found += in_styles(data)


def in_styles(css: str) -> list[str]:
    return [a or b for a, b in re.findall(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", css)]


def in_scripts(script: str) -> list[str]:
    """Addresses between quotes, without those that only name an XML vocabulary."""
    found = re.findall(r"[\"'`](https?://[^\"'`]*)", script)
    return [address for address in found if not address.startswith("http://www.w3.org/")]


def loads(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        page = _Loads()
        page.feed(text)
        inline = re.findall(r"(?s)<script[^>]*>(.*?)</script>", text)
        yield from [*page.found, *(address for script in inline for address in in_scripts(script))]
    elif file.suffix == ".css":
        yield from in_styles(text)
    else:
        yield from in_scripts(text)


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in (".html", ".css", ".js", ".svg")]
    assert len(files) > 25
    foreign = {
        f"{file.relative_to(site)}: {address}" for file in files for address in loads(file) if FOREIGN.match(address)
    }
    assert not foreign


def test_every_page_has_a_title_and_speaks_english(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<title>" in text, page.name
        assert 'lang="en"' in text, page.name


def test_every_picture_has_words_for_those_who_do_not_see_it(site: Path) -> None:
    for page in site.rglob("*.html"):
        for picture in re.findall(r"<img[^>]*>", page.read_text(encoding="utf-8")):
            assert re.search(r'alt="[^"]+"', picture), f"{page.name}: {picture}"


def test_a_foreign_address_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<link href="//fonts.example/a.css"><a href="https://fine.example">x</a><style>@import "http://b.example";</style>'
    )
    assert [address for address in loads(page) if FOREIGN.match(address)] == [
        "//fonts.example/a.css",
        "http://b.example",
    ]
