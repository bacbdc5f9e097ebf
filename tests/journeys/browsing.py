"""Somebody at a browser: signs in with two factors, opens pages, sends their forms. Keeps what the server said."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from typing import Any, Self

import httpx

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# What a telephone or a mail program opens is never asked of a server, nor kept in a history.
_ADDRESS = re.compile(r'(?:href|action|src|formaction)="(?!tel:|mailto:)([^"]*)"')


class Browser:
    """Closed by whoever opened it (`with`).

    `answers`: what came back that names nobody by right: errors, headers, and every address that a page holds.
    """

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
        self.client.event_hooks["response"].append(self._noted)
        self.addresses: list[str] = []
        self.answers: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def _noted(self, answer: httpx.Response) -> None:
        answer.read()
        self.answers.append("\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items()).encode())
        page = "html" in answer.headers.get("content-type", "")
        if answer.status_code >= 400 and not (page and answer.status_code == 400):  # that is a form, to be corrected
            self.answers.append(answer.content)
        if page:
            self.addresses += _ADDRESS.findall(answer.text)
            self.answers += [title.encode() for title in re.findall(r"<title>(.*?)</title>", answer.text, re.S)]

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.client.get(path, **more)

    def send(self, path: str, said: dict[str, Any], *, on: str = "", **more: Any) -> httpx.Response:
        """Sends a form that stands on a page (`on`, by default at the same address)."""
        token = _TOKEN.search(self.get(on or path).text)
        assert token, f"there is no form at {on or path}"
        return self.client.post(path, data={"csrfmiddlewaretoken": token[1], **said}, **more)

    def token(self, page: str) -> str:
        """What a form of a page bears, so that several can be sent without asking for each."""
        found = _TOKEN.search(self.get(page).text)
        assert found, f"there is no form at {page}"
        return found[1]

    def sign_in(self, email: str, password: str) -> None:
        """With a second factor, set up where the role demands one."""
        here = self.send("/account/login/", {"login": email, "password": password})
        if here.url.path == "/second-factor":
            asked = self.get("/account/2fa/totp/activate/")
            if asked.url.path == "/account/reauthenticate/":
                asked = self.send(str(asked.url), {"password": password})
            page = asked.text
            secret = re.search(r'<code class="secret"[^>]*>([A-Z2-7]+)</code>', page)
            token = _TOKEN.search(page)
            assert secret, "no key is shown"
            assert token
            said = {"csrfmiddlewaretoken": token[1], "code": _code(secret[1])}
            self.client.post("/account/2fa/totp/activate/", data=said)
        assert self.get("/me").url.path == "/me", f"{email} is not signed in"


def _code(secret: str) -> str:
    """RFC 6238: of this half minute."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
