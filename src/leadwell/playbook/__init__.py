"""What is the organisation's policy? One file, read into frozen values, explained, compared, and tried on examples."""

from leadwell.playbook.loading import find, load, shipped
from leadwell.playbook.model import Playbook
from leadwell.playbook.problems import PlaybookError, Problem

__all__ = ["Playbook", "PlaybookError", "Problem", "find", "load", "shipped"]
