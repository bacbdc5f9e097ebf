"""Where does a list run? On this machine, in streamed batches (`local`); Spark comes with a later work."""

from leadwell.engines.local import Run, run
from leadwell.engines.processes import JudgeGoneError

__all__ = ["JudgeGoneError", "Run", "run"]
