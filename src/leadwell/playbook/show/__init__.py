"""What does a policy say, read aloud? Sections of sentences, for the terminal and as a page."""

from leadwell.playbook.show.page import as_html
from leadwell.playbook.show.sections import Part, Section, sections
from leadwell.playbook.show.terminal import as_text

__all__ = ["Part", "Section", "as_html", "as_text", "sections"]
