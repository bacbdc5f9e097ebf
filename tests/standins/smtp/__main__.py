"""The command: `python -m tests.standins.smtp --port P --wire FILE.jsonl [--bounce-to HOST:PORT] ...`."""

import argparse
import asyncio
from pathlib import Path

from .options import Options
from .serving import Server


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


def _user(text: str) -> tuple[str, str]:
    user, _, password = text.partition(":")
    return user, password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.standins.smtp", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0: any free one; the first line says which")
    parser.add_argument("--wire", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--bounce-to", type=_place, metavar="HOST:PORT", help="where reports are delivered by SMTP")
    parser.add_argument("--complaints-to", metavar="ADDRESS", help="instead of the envelope sender")
    parser.add_argument("--report-after", type=float, default=Options.report_after, metavar="SECONDS")
    parser.add_argument("--dropped", choices=["kept", "lost"], default=Options.dropped)
    parser.add_argument("--greylist-seconds", type=float, default=Options.greylist_seconds)
    parser.add_argument("--slow-seconds", type=float, default=Options.slow_seconds)
    parser.add_argument("--rate-messages", type=int, default=Options.rate_messages)
    parser.add_argument("--max-size", type=int, default=Options.max_size, metavar="OCTETS")
    parser.add_argument("--lenient", action="store_true", help="takes malformed messages too")
    parser.add_argument("--starttls", action="store_true")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--auth", type=_user, metavar="USER:PASSWORD")
    parser.add_argument("--while-stdin-open", action="store_true", help="ends when whoever started it has ended")
    return parser


def main() -> None:
    told = vars(_parser().parse_args())
    port, wire, while_stdin_open = told.pop("port"), told.pop("wire"), told.pop("while_stdin_open")
    asyncio.run(Server(wire, Options(**told)).serve(port, while_stdin_open=while_stdin_open))


if __name__ == "__main__":
    main()
