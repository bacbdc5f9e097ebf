"""`python -m leadwell.cli`: the command, for processes that start it."""

from leadwell.cli import main

main()
