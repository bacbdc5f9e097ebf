"""What may a log line say? An event's name, codes, numbers and ids, one JSON object a line. Never words of a person."""

from __future__ import annotations

import logging

import structlog


def formatter() -> logging.Formatter:
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_traceback,
            structlog.processors.JSONRenderer(),
        ],
    )


def _without_traceback(
    logger: logging.Logger, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception's text may quote what somebody wrote: its type and place say enough."""
    error = event.pop("exc_info", None)
    record = event.pop("_record", None)
    error = error or (record.exc_info if record else None)
    if isinstance(error, tuple) and error[0] is not None:
        trace = error[2]
        while trace and trace.tb_next:
            trace = trace.tb_next
        event["error"] = error[0].__name__
        event["at"] = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
    event.pop("stack_info", None)
    return event


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def log(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
