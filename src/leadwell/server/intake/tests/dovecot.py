"""A real mail server for a test: Dovecot, as nobody, on free ports of this machine, in a folder that goes with it."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PROGRAM = Path("/usr/sbin/dovecot")
PASSWORD = "right-horse"

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = yes
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
passdb {{
  driver = static
  args = "password={password}"
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class Server:
    home: Path
    plain: int
    tls: int

    @property
    def certificate(self) -> Path:
        return self.home / "certificate.pem"

    def settings(self, user: str, *, password: str = PASSWORD, tls: bool = False) -> dict[str, object]:
        port = {"port": self.tls} if tls else {"port": self.plain, "plain": True}
        return {"host": "127.0.0.1", "user": user, "password": password, **port}

    def deliver(self, user: str, *mails: bytes) -> None:
        with self.signed_in(user) as box:
            for mail in mails:
                assert box.append("INBOX", None, None, mail)[0] == "OK"

    def unseen(self, user: str) -> int:
        with self.signed_in(user) as box:
            return len(box.search(None, "UNSEEN")[1][0].split())

    def number_anew(self, user: str) -> None:
        """Forgets how its mails were numbered and which were seen, as after a move to another server."""
        folder = self.home / "mail" / user
        for path in folder.glob("dovecot*"):
            path.unlink()
        for path in (folder / "cur").iterdir():
            path.rename(folder / "new" / path.name.partition(":")[0])

    @contextmanager
    def signed_in(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.plain, timeout=20) as box:
            box.login(user, PASSWORD)
            box.select("INBOX")
            yield box


@contextmanager
def running() -> Iterator[Server]:
    home = Path(tempfile.mkdtemp(prefix="leadwell-dovecot-"))
    server = Server(home, _free_port(), _free_port())
    user, group = _prepared(server)
    as_nobody: dict[str, Any] = {"user": user, "group": group, "extra_groups": []} if os.getuid() == 0 else {}
    process = subprocess.Popen([str(PROGRAM), "-F", "-c", str(home / "dovecot.conf")], **as_nobody)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _prepared(server: Server) -> tuple[str, str]:
    who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    user, group = who.pw_name, "nogroup" if os.getuid() == 0 else str(who.pw_gid)
    for name in ("run", "state", "mail"):
        (server.home / name).mkdir()
    _certified(server)
    configuration = _CONFIGURATION.format(
        home=server.home, user=user, group=group, password=PASSWORD, plain=server.plain, tls=server.tls
    )
    (server.home / "dovecot.conf").write_text(configuration)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", f"{user}:{group}", str(server.home)], check=True)
    return user, group


def _certified(server: Server) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    server.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    plain = key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    (server.home / "key.pem").write_bytes(plain)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(server: Server) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            imaplib.IMAP4("127.0.0.1", server.plain, timeout=2).logout()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError((server.home / "log").read_text() if (server.home / "log").exists() else "no log")
