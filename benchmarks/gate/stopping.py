"""By which door does each stop come in? The one that its way names, as far as the product has it.

A reply is a mail that is taken in and judged; a link is the one that stands in a mail which left, clicked; a report is
an ARF report of such a mail; staff fill in the form of the person's page; a number of nobody known comes in a list. For
texts, words on the telephone to a machine and the API there is no door yet: those are the actions behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.standins.smtp.behaviour import Wish as Addressed
from tests.standins.smtp.reporting import arf, dsn

from benchmarks.gate.arriving import Row, mail
from benchmarks.gate.world import zulu

if TYPE_CHECKING:
    from benchmarks.gate.playing import Year

_BOUNCED: Final = {"5.1.1": "unknown", "5.7.1": "policy", "4.2.2": "full", "5.2.1": "disabled"}
_BROWSER: Final = "localhost"


class Stops:
    def __init__(self, year: Year) -> None:
        self._year = year
        self._replies = 0

    def stop(self, event: Row) -> bool | None:
        """False where it could not happen: nobody clicks in a mail that never came."""
        told = _BY[event["way"]](self, event)
        self._confirm()
        return told

    def _by_text(self, event: Row) -> None:
        if event["record"] is None:
            self._listed(event)
        else:
            self._heard(event, event["says"])

    def start(self, event: Row) -> None:
        self._heard(event, "START")

    def _heard(self, event: Row, words: str) -> None:
        from leadwell.server.consent import actions
        from leadwell.server.consent.saying import Saying

        person = self._year.people[event["record"]]
        actions.hear(self._year.organization, person, Saying("text", "simulation", words, event["address"]))

    def _listed(self, event: Row) -> None:
        """Of nobody whom they know, the provider of texts keeps a list."""
        from leadwell.server.consent import actions

        body = f"phone,channel,stopped at\n{event['address']},{event['channel']},{event['at']}\n"
        made = actions.import_suppressions(self._year.organization, body.encode(), actor="simulation")
        assert made.taken + made.known and not made.unread, made.problem

    def _by_mail(self, event: Row) -> None:
        """An answer to the last that we wrote them, or to their own enquiry."""
        from leadwell.server.intake.accepting import Delivery, accept

        year, address = self._year, event["address"]
        left = year.outbox.last.get(address)
        answers = year.mails.get(event["record"]) or (str(left.mail["Message-ID"]) if left else "")
        self._replies += 1
        raw = mail(
            address, "Re: your message", event["says"], number=f"<{self._replies}@mail.example>", answers=answers
        )
        accept(year.organization, year.sources.mail, [Delivery(raw, "message/rfc822")])
        year.drained()

    def _by_link(self, event: Row) -> bool:
        link = self._year.outbox.links.get(event["address"])
        if link is None:
            return False
        answer = self._browser().post("/" + link.split("/", 3)[3], {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200, answer.status_code
        return True

    def _by_report(self, event: Row) -> bool:
        return self._returned(event, "complaint")

    def bounce(self, event: Row) -> bool:
        return self._returned(event, event["code"])

    def _returned(self, event: Row, what: str) -> bool:
        """A report of the last mail that they got, to the address that it comes back to."""
        from leadwell.server.outreach.returned import take

        left = self._year.outbox.last.get(event["address"])
        if left is None:
            return False
        to = left.sender
        if what == "complaint":
            raw = arf(Addressed(left.to, "complain"), to=to, sender=to, message=left.raw)
        else:
            raw = dsn(Addressed(left.to, "late-bounce", None, _BOUNCED[what]), to=to, message=left.raw)
        kind = take(raw, came_to=to)
        assert kind not in ("not-ours", "not-a-bounce"), kind
        return True

    def _by_form(self, event: Row) -> None:
        """What somebody said at the desk or on the telephone, typed by whoever heard it."""
        channels = ["call", "text", "email"] if event["channel"] == "all" else [event["channel"]]
        said = {
            "channels": channels,
            "purpose": event["purpose"] or "",
            "way": event["way"],
            "words": event["says"] or "",
        }
        browser = self._browser()
        browser.force_login(self._year.colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = browser.post(f"/persons/{self._year.people[event['record']]}/stop", said)
        assert answer.status_code == 302 and answer.url.endswith("/consent"), answer.status_code

    def _by_api(self, event: Row) -> None:
        from leadwell.server.consent import actions
        from leadwell.server.consent.saying import Saying

        saying = Saying("api", "simulation", "", event["address"] or "")
        closes = actions.scopes((event["channel"],), event["purpose"] or "")
        actions.stop(self._year.organization, self._year.people[event["record"]], saying, closes=closes)

    def _browser(self) -> Any:
        from django.test import Client

        return Client(SERVER_NAME=_BROWSER)

    def _confirm(self) -> None:
        """The confirmations that are owed leave at once: those by mail through the outbox."""
        from leadwell.server.consent import actions
        from leadwell.server.consent.models import Confirmation

        year = self._year
        owed = list(Confirmation.objects.of(year.organization).filter(taken_at=None, due_by__gt=year.clock.at))
        if any(one.channel == "email" for one in owed):
            year.outbox.confirm()
        for one in owed:
            taken = (
                actions.take_confirmation(year.organization, one.pk, by="simulation") if one.channel == "text" else None
            )
            if taken is not None:
                record = next((name for name, person in year.people.items() if person == one.person), "")
                year.sent.append(
                    {"at": zulu(year.clock.at), "channel": "text", "purpose": "stop-confirmation",
                     "address": taken.address, "record": record, "automated": True}
                )  # fmt: skip


_BY: Final = {
    "text-reply": Stops._by_text, "email-reply": Stops._by_mail, "link": Stops._by_link, "complaint": Stops._by_report,
    "staff": Stops._by_form, "voice": Stops._by_form, "api": Stops._by_api,
}  # fmt: skip
