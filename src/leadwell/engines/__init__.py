"""Where does a list run? On this machine, in streamed batches (`local`); Spark comes with a later work."""

from leadwell.engines.cores import JudgeGoneError
from leadwell.engines.local import Run, run

__all__ = ["JudgeGoneError", "Run", "run"]
