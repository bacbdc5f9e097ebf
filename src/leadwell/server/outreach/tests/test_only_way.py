"""Nothing can leave but by the outbox: the code is read for any other way. (promise D23)"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3]
SENDERS = {"smtplib", "aiosmtplib", "django.core.mail", "requests", "httpx", "urllib.request", "http.client", "ftplib"}
ALLOWED = {
    "server/outreach/channels/email/smtp.py": {"smtplib"},
    "server/signin/single_sign_on.py": {"requests"},  # asks the organisation's own provider who somebody is
    "server/intake/sources/meta/graph.py": {"urllib.request", "http.client"},  # asks for leads, and reaches nobody
}


def imported(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts)


def test_no_module_can_speak_to_the_world_but_the_channel() -> None:
    found = {}
    for path in modules():
        used = imported(path.read_text(encoding="utf-8")) & SENDERS
        if extra := used - ALLOWED.get(str(path.relative_to(PACKAGE)), set()):
            found[str(path.relative_to(PACKAGE))] = extra
    assert found == {}


def test_the_gate_is_asked_at_one_place_and_its_answer_decides() -> None:
    asks = [path.name for path in modules() if "gate.ask(" in path.read_text(encoding="utf-8")]
    assert asks == ["sending.py"]
    hands = [path.name for path in modules() if ".hand_over(" in path.read_text(encoding="utf-8")]
    assert hands == ["sending.py"]


@pytest.mark.parametrize("line", ["import smtplib", "from smtplib import SMTP", "from django.core import mail",
                                  "from django.core.mail import send_mail", "import urllib.request"])  # fmt: skip
def test_another_way_would_be_found(line: str) -> None:
    assert imported(line) & SENDERS
