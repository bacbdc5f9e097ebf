"""What does an entry of the trail say to the person whom it is about? In plain sentences, by role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.server.access.queries import members
from leadwell.server.access.roles import Role

_DID: Final = {
    "lead.listed": "Saw it in a list",
    "person.searched": "Found them by searching",
    "lead.taken": "Took it upon themselves to answer",
    "lead.released": "Gave it back to their team",
    "lead.answered": "Noted that it was answered",
    "lead.recovered": "Brought it back from what was set aside",
    "lead.put-aside": "Put it aside again",
    "danger.acknowledged": "Acknowledged that their words sound like danger",
    "person.reopened": "Took back what was said of them and another",
    "lead.viewed": "Opened the enquiry",
    "person.viewed": "Opened this page",
    "person.exported": "Gave out everything that is held",
    "person.erased": "Erased everything that is held",
    "identity.opened": "Opened the identity in an emergency",
    "identity.closed": "Closed it again",
    "person.compared": "Looked whether they and another are one person",
    "person.linked": "Took them and another for one person",
    "person.reviewed": "Said what they and another are to each other",
    "lead.parted": "Made a lead of its own of what had joined theirs",
    "person.unlinked": "Took them and another for two people again",
    "consent.viewed": "Looked at what they permit",
    "consent.asked": "Asked whether we may contact them",
    "number.looked-up": "Noted what was looked up of their telephone number",
    "consent.given": "Recorded that they agreed to be contacted",
    "consent.withdrawn": "Recorded that they took a consent back",
    "stop.given": "Recorded that they asked us to stop",
    "address.stopped": "Recorded that an address of theirs is to be left alone",
    "stop.repeated": "Recorded that they asked again to stop",
    "stop.doubted": "Held back what they may have asked to stop",
    "stop.meant": "Looked: they had asked us to stop",
    "stop.not-meant": "Looked: they had not asked us to stop",
    "fact.verified": "Noted an answer of theirs",
    "fact.unknown": "Noted that they could not answer",
    "fact.taken-back": "Took back an answer that was noted",
    "attempt.begun": "Called them",
    "attempt.noted": "Noted how a call ended",
    "attempt.ended": "Noted how a call of theirs ended",
    "attempt.corrected": "Corrected how a call ended",
    "attempt.taken-back": "Took back that there was a call",
    "outcome.noted": "Noted what became of the enquiry",
    "outcome.corrected": "Corrected what became of the enquiry",
    "outcome.taken-back": "Took back what had become of the enquiry",
    "call.typed": "Typed in what they said on the telephone",
    "submission.viewed": "Opened what was sent, as it came",
    "submission.read": "Was given what became of it",
    "submission.mended": "Corrected what was sent",
    "submission.replayed": "Had it judged again",
    "submission.accepted": "Took it in, though its signature was wrong",
    "list.uploaded": "Uploaded the list it stands in",
    "list.taken": "Took in the list it stands in",
    "list.withdrawn": "Withdrew the list it stands in",
    "message.viewed": "Opened a message to them",
    "message.retried": "Had a message to them tried again",
    "message.dropped": "Kept a message to them from leaving",
    "address.reopened": "Said that mail may go to their address again",
    "trail.viewed": "Read who saw it",
}
_OURS: Final = {"worker": "Leadwell itself", "engine": "Leadwell itself", "command": "An administrator, by command"}


def says(action: str, codes: Mapping[str, Any]) -> str:
    plain = _DID.get(action) or action.replace(".", " ").replace("-", " ").capitalize()
    return f"{plain}, without names" if codes.get("names") is False else plain


def whose(actor: str, people: Mapping[str, str]) -> str:
    """`people`: an actor ("user:7") -> a role, or a name where it may be told."""
    if actor.startswith("key:"):
        return f"A program, with the key {actor.removeprefix('key:')}"
    return _OURS.get(actor) or people.get(actor, "Somebody who no longer works here")


def roles_here(organization: int) -> dict[str, str]:
    """An actor of the trail -> the role in which they work here now."""
    return {member.actor: str(Role(member.role).label) for member in members(organization)}
