"""Where does a list run? In this process, in streamed batches (`local`); Spark comes with a later work."""

from leadwell.engines.local import Run, run

__all__ = ["Run", "run"]
