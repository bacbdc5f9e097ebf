"""What address was meant by a text that is not plainly one? Display names, other alphabets, two addresses, slips of
the keyboard."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from leadwell.contact.domains import Domain, domain_of, mail
from leadwell.contact.texts import INVISIBLE

# A plain address: what nearly everybody has. Everything else goes to the library, which knows all of RFC 5322, 6531
# and IDNA.
PLAIN: Final = (
    r"^[a-z0-9_](?:[a-z0-9_'+-]|\.[a-z0-9_'+-])*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$"
)  # fmt: skip
# Limits of RFC 5321; and "ab--": two letters and two hyphens are kept for Punycode, which the library reads.
TOO_LONG: Final = 254
LOCAL_TOO_LONG: Final = 64
PUNYCODE: Final = r"[@.]..--"

_PLAIN: Final = re.compile(PLAIN)
_BETWEEN: Final = re.compile(r"\s*(?:[;,|/]|\s(?:or|and|o|y|&)\s)\s*|\s+")


# Longer is no address, and need not be read to its end.
LONGEST: Final = 600
BLANK: Final = " \t\u00a0"
_INVISIBLE: Final = re.compile(re.sub(r"\\u\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", INVISIBLE))
_SAYS: Final = {
    "special": "No e-mail ever arrives at this domain.",
    "fictional": "An example address, which belongs to nobody.",
    "disposable": "A throw-away address.",
    "mistyped": "The part after the @ is likely mistyped.",
}


class Judged(NamedTuple):
    """In the order of `emails.EMAIL`."""

    email: str | None
    ok: bool | None
    suggestion: str | None = None
    kind: str | None = None
    says: str | None = None


def judge(text: str, *, accept: bool) -> Judged:
    """An e-mail field. `accept`: an example address is as good as any."""
    text = _INVISIBLE.sub("", text[:LONGEST].strip(BLANK).lower())
    if not text:
        return Judged(None, None)
    read_as = Address(text) if is_plain(text) else read(text)
    if read_as.address is None:
        return Judged(None, False, read_as.meant, None, read_as.says)
    local, _, name = read_as.address.rpartition("@")
    domain = domain_of(name)
    if domain.kind == "special":
        return Judged(None, False, None, None, _SAYS["special"])
    return _judged(read_as, local, domain, accept=accept)


def _judged(found: Address, local: str, domain: Domain, *, accept: bool) -> Judged:
    account = local.partition("+")[0]
    nobody, role = account in mail().nobody, account in mail().role
    wrong = None if accept and domain.kind == "fictional" else _SAYS.get(domain.kind)
    suggestion = f"{local}@{domain.meant}" if domain.meant else None
    says = found.says or ("Nobody reads this mailbox." if nobody else None) or wrong
    says = (
        says
        or ("Read by a team, not by one person." if role else None)
        or ("The ending may be mistyped." if suggestion else None)
    )
    return Judged(found.address, not (wrong or nobody), suggestion, _kind(domain, role=role or nobody), says)


def _kind(domain: Domain, *, role: bool) -> str | None:
    if domain.kind == "disposable":
        return "disposable"
    if role:
        return "role"
    return {"personal": "personal", "mistyped": None}.get(domain.kind, "organization")


def is_plain(text: str) -> bool:
    """PLAIN and the limits beside it."""
    short = len(text) <= TOO_LONG and text.find("@") <= LOCAL_TOO_LONG
    return short and _PLAIN.fullmatch(text) is not None and re.search(PUNYCODE, text) is None


class Address(NamedTuple):
    """`address` is NULL where there is none; then `meant` may be the likely one."""

    address: str | None
    says: str | None = None
    meant: str | None = None


def read(text: str) -> Address:
    """A doubtful text, in lower case, without invisible characters."""
    if len(text) >= LONGEST:
        return Address(None, "The e-mail address is too long to be one.")
    text = text.removeprefix("mailto:").strip(" \t")
    if (address := _valid(text)) is not None:
        return Address(address)
    if len(several := [part for part in _BETWEEN.split(text) if _PLAIN.fullmatch(part)]) > 1:
        return Address(several[0], "Several e-mail addresses were given; this is the first.")
    return Address(None, _why(text), _mended(text))


def _valid(text: str) -> str | None:
    # 42 ms, and most lists need it for few addresses.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    try:
        found = validate_email(
            text, check_deliverability=False, allow_quoted_local=True, allow_display_name=True, strict=True
        )
    except (EmailNotValidError, ValueError, IndexError):
        return None
    return found.normalized.lower()


def _why(text: str) -> str:
    if "@" not in text:
        return "The e-mail address has no @."
    local, _, domain = text.rpartition("@")
    if not local or not domain:
        return "The e-mail address is not complete."
    if "." not in domain:
        return "The e-mail address has no ending such as .com."
    return "This is not a valid e-mail address."


def _mended(text: str) -> str | None:
    """The address that is left once the usual slips are taken out; None where it still is none."""
    text = re.sub(r"\s*(?:\(at\)|\[at\]|\{at\}|\sat\s|\sarroba\s)\s*", "@", text)
    text = re.sub(r"\s*(?:\(dot\)|\[dot\]|\sdot\s|\spunto\s)\s*", ".", text)
    text = re.sub(r"@[@\s#]*", "@", re.sub(r"\s*@", "@", text))
    local, _, domain = text.rpartition("@")
    domain = re.sub(r"\.{2,}", ".", re.sub(r"[,;:\s]+(?=[a-z])", ".", domain)).strip(" .,;:#<>\"'()[]!?*/\\")
    local = re.sub(r"\.{2,}", ".", local.strip(" .,;:<>\"'()[]*/\\"))
    mended = f"{local}@{_with_ending(domain)}" if local else _with_at(domain)
    return in_the_domain_meant(mended) if mended is not None and is_plain(mended) else None


def _with_ending(domain: str) -> str:
    """'gmail', 'gmailcom' and 'gmail-com' lack their dot."""
    brands = mail().brands
    squeezed = {d.replace(".", ""): d for d in brands.values()}
    return brands.get(domain) or squeezed.get(domain.replace("-", "")) or domain


def _with_at(text: str) -> str | None:
    """'janegmail.com' and 'jane.gmail.com' lack their @."""
    for domain in mail().brands.values():
        local = text.removesuffix(domain).rstrip(".-_ ")
        if local != text and len(local) > 2:
            return f"{local}@{domain}"
    return None


def in_the_domain_meant(address: str) -> str | None:
    local, _, name = address.rpartition("@")
    domain = domain_of(name)
    if domain.kind in ("mistyped", "special"):
        return f"{local}@{domain.meant}" if domain.meant else None
    return address
