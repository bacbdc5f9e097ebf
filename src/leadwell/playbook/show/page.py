"""How is a policy read aloud in a browser? One page without script, image or request of its own."""

from __future__ import annotations

from html import escape

from leadwell.playbook.model import Playbook
from leadwell.playbook.show.section import Section
from leadwell.playbook.show.sections import not_yet, sections

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid; } h3 { margin: 1.5rem 0 0.25rem; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; } nav ul { columns: 2; } .version { opacity: 0.75; }
@media print { nav { display: none; } h2, h3 { break-after: avoid; } }
"""


def as_html(playbook: Playbook) -> str:
    found = sections(playbook)
    contents = "".join(
        f'<li><a href="#part-{i}">{escape(section.title)}</a></li>' for i, section in enumerate(found, 1)
    )
    body = "".join(_section(section, i) for i, section in enumerate(found, 1))
    title = escape(playbook.title)
    says = not_yet(playbook)
    later = f"<p>{escape(says)}</p>\n" if says else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p class="version">Version {escape(playbook.version)}</p>\n'
        f'{later}<nav aria-label="Contents"><ul>{contents}</ul></nav>\n{body}</main>\n</body>\n</html>\n'
    )


def _section(section: Section, number: int) -> str:
    parts = []
    for part in section.parts:
        heading = f"<h3>{escape(part.name)}</h3>" if part.name else ""
        parts.append(heading + "<ul>" + "".join(f"<li>{escape(says)}</li>" for says in part.says) + "</ul>\n")
    title = f'<h2 id="part-{number}">{escape(section.title)}</h2>\n'
    return f'<section aria-labelledby="part-{number}">\n{title}{"".join(parts)}</section>\n'
