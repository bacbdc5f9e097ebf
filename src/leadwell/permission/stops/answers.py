"""What did we ask, and what does a short answer to it mean? ("Reply YES to confirm, CANCEL to cancel")

Regular expressions over what an organisation wrote; only short answers look at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from leadwell.reading.fold import fold_texts

Means = Literal["stop", "restart", "booking", "other"]

_BOOKING: Final = re.compile(
    r"\b(?:appointment|appt|visit|booking|booked|reservation|reschedule|scheduled|session|consult\w*|check ?in|see you|"
    r"confirm\w*|cita|citas|consulta|turno|reserva|reprogramar|agendad[oa]|su visita|le esperamos|checkup|procedure|"
    r"surgery|exam|agendam\w*|programad[oa]|programam\w*|quedo para|le toca|le esperamos|lo esperamos|la esperamos)\b"
)
_ENDS: Final = re.compile(
    r"\b(?:stop|opt ?out|opt out|unsubscribe|end|quit|no more|not (?:to )?(?:receive|get)|remove|be removed|"
    r"baja|dejar de|no recibir|no mas|detener|leave the list|cancel (?:messages|texts|alerts|reminders|subscription)|"
    r"cancelar (?:mensajes|los mensajes|la suscripcion|textos|alertas)|"
    r"(?:won't|will not|will no longer|we'll not) (?:text|call|message|email|contact|send|write)|"
    r"no (?:le|les|te) (?:escribi|envia|manda|llama|contacta|molesta)\w*)\b"
)
_BEGINS: Final = re.compile(
    r"\b(?:subscribe|opt ?in|receive|get (?:texts|messages|updates|alerts|offers|news)|join|resume|restart|start|"
    r"agree|recibir|suscribir\w*|sign up|continue receiving|keep (?:getting|receiving))\b"
)
_OFFER: Final = re.compile(
    r"(?:\b(?:reply|text|txt|send|respond|answer|press|type|dial|enter|responda|conteste|envie|mande|marque|oprima|"
    r"presione|escriba|responde|manda|with|or|and|o|con|back)\b[ \"'!$%]*)?(?<![a-z0-9])"
    r"(?P<word>[a-z]+|[0-9]{1,2})[ \"'%$]*(?:=|\bto\b|\bfor\b|\bif you(?:'d| would)? (?:like|want|wish) to\b|"
    r"\bpara\b|\bsi\b|\bif\b|\b(?:and|y)\b(?= (?:we|you|no|ya no|le|les|dejar|dejamos)))(?P<what>[^!\"$%\x1f]{2,70})"
)
_VERBS: Final = frozenset(("reply", "text", "send", "respond", "answer", "press", "type", "dial", "or", "and", "back",
                           "with", "call", "us", "you", "like", "want", "need"))  # fmt: skip
_ASKS_TO_END: Final = re.compile(
    r"\b(?:(?:do|would|should|shall) (?:you|we) .{0,30}\b(?:unsubscribe|opt out|be removed|remove you|"
    r"(?:stop|end)(?! (?:taking|using|smoking|drinking|eating)\b|"
    r" (?:the|your|his|her)\b"
    r"(?!.{0,30}(?:messag|text|call|mail|remind|alert|notif|list|news|updat|subscri))))|"
    r"want us to stop|sure you want to (?:stop|unsubscribe|opt out)|"
    r"confirm (?:that you want to )?(?:unsubscribe|opt ?out)|"
    r"quiere (?:que dejemos|darse de baja|dejar de)|desea (?:darse de baja|dejar de|que dejemos))"
)
# Whether somebody should be taken off; of what, `_REACHES` says behind it.
_ASKS_TO_TAKE_OFF: Final = re.compile(
    r"\b(?:(?:shall|should|can|may|could) (?:we|i)|(?:would|do) you (?:like|want|prefer)|want (?:us|me)|"
    r"(?:ok|okay) if (?:we|i))\b.{0,20}\b(?:remove|delete|erase|drop|"
    r"(?:take|get|leave) .{1,25} off|turn off|switch off)\b"
    r"|\b(?:quiere|quieres|desea|deseas|prefiere|gustaria|le parece|podemos)\b.{0,20}\b(?:demos de baja|dar de baja|"
    r"darl[oae] de baja|"
    r"(?:quit|sa[cq]u?|borr|elimin|remov|retir|suspend)(?:emos|amos|ar\w*|er\w*|ir\w*))\b"
    r"|\b(?:lo|la|los|las|le|les|te) (?:quitamos|sacamos|borramos|eliminamos|damos de baja)\b"
)
_ASKS_WHICH: Final = re.compile(
    r"\b(?:which|what|cual|cuales|que (?:mensajes|textos|llamadas|correos|recordatorios|avisos))\b.{0,60}"
    r"\b(?:stop\w*|end\w*|opt out|unsubscribe\w*|remove\w*|turn(?:ed)? off|ya no .{0,20}recib\w*|"
    r"no (?:quiere|desea) .{0,20}recib\w*|dejar de|dejemos|detener|termin\w*|suspend\w*)\b"
)
_REACHES: Final = re.compile(
    r"\b(?:messages?|texts?|texting|calls|calling|emails?|mailings?|"
    r"(?:contact|call|text|mailing|email|calling|phone|reminder|our) lists?|"
    r"reminders?|newsletters?|alerts|notifications|database|ads|offers|"
    r"mensajes|textos|llamadas|correos|recordatorios|"
    r"(?:nuestra|la) lista|boletin\w*|avisos|promociones|publicidad|sms|contactos)\b(?! de espera)"
)
_INTEREST: Final = re.compile(
    r"\b(?:interested|interest|hear (?:more|from)|more info\w*|learn more|follow up|interesad[oa]|interesa|saber mas|"
    r"mas informacion|questions|preguntas|help you|ayudarle)\b"
)
_ASKS_LEAVE: Final = re.compile(
    r"\b(?:may|can|could|should|ok|okay|all right|alright|permission|like|want|wish|agree|consent|mind)\b"
    r"(?: (?:we|i|us|it|you|to|for|if|is|still|keep|continue|that|our|office|team|clinic)){0,5}"
    r" (?:(?:e ?mailing|messaging|in touch with) you|text|call|contact|message|email|e mail|send you|texting|"
    r"calling|contacting|sending you|reach out|receive|receiving|"
    r"get(?:ting)? (?:texts|messages|reminders|updates|calls|emails))\b"
    r"|\b(?:shall|should) (?:we|i) (?:keep|go on|continue)"
    r" (?:texting|calling|e ?mailing|messaging|contacting) you\b"
    r"|\b(?:want|like|wish)(?: (?:to|get|keep|getting|receive|receiving|these|our|any|more|such|further)){0,4}"
    r" (?:texts|messages|calls|emails|reminders|updates)\b(?! (?:by|in|at|on|to|for)\b)"
    r"|\b(?:podemos|puedo|le podemos|quiere|desea|acepta|autoriza|gustaria)\b.{0,20}\b(?:llamar\w*|llamemos|"
    r"escribir\w*|escribamos|enviar\w*|enviemos|mandar\w*|mandemos|contactar\w*|contactemos|recibir|recibiendo)\b"
)
# Whether they shall be reached as before: "shall we keep you on the list?"
_ASKS_TO_GO_ON: Final = re.compile(
    r"\b(?:keep|leave|have) you (?:on|in|subscribed|signed up)\b(?!.{0,20}\bwait)"
    r"|\b(?:stay|remain|be kept|be) (?:on|in) (?:our|the|this) (?:\w+ )?(?:list|program|club|newsletter)\b"
    r"(?! of\b| for\b)"
    r"|\b(?:stay|remain) (?:subscribed|signed up)\b"
    r"|\b(?:keep|continue|still (?:want|like|wish)|interested in|like|want)(?: to)?"
    r" (?:hear|hearing|get|getting|receive|receiving|sending|send)\b"
    r"|\b(?:sigamos|seguimos|sigo|seguir|siga|continuemos|continuamos|continuar)(?:le|les)?"
    r" (?:enviand|mandand|llamand|escribiend|avisand|contactand|recibiend|suscrit|en (?:la|nuestra) lista)\w*"
)
_FROM_US: Final = re.compile(
    r"\b(?:from us|(?:on|in) (?:the|our) list|llamand\w*|escribiend\w*|contactand\w*|subscribed)\b"
)
# By which way they want to be reached; not at what time, and not which of anything else by a way that is named.
_WHEN = r"(?:when|times?|hours?|days?|cuando|horas?|horario|dias?)"
_WAY = r"(?:calls?|texts?|phone|emails?|llam\w*|textos?|correos?|mensajes?|telefono)"
_ASKS_WAY: Final = re.compile(
    rf"\b(?:how|which|what|best|prefer\w*|prefiere\w*|better|como|cual|mejor)\b(?!.{{0,60}}\b{_WHEN}\b).{{0,40}}"
    r"\b(?:(?:reach|contact\w*|get in touch|way|method|forma|manera|medio|comuni\w*)\b|"
    rf"{_WAY}(?: (?:you|me|us|le|te|un|una|a|por))? (?:or|o|u) (?:(?:by|a|an|un|una|por|the) )?{_WAY}\b)"
)
_ASKS_WHEN: Final = re.compile(rf"\b{_WHEN}\b.{{0,30}}\b(?:reach|contact\w*|{_WAY})\b")
_OFFERS: Final = re.compile(r"\b(?:can|could) offer\b|\boffer(?:ing)? you\b|\bofrec\w+\b")
_CATEGORIES: Final = re.compile(
    r"\b(?:unsubscribed|opted out|no longer receive|will not receive|won't receive|dado de baja|ya no recibira)\b"
)
_QUESTION: Final = re.compile(r"[^?\n]+(?=\?)")
_WORD: Final = re.compile(r"[a-z0-9']+")
_CHOICE: Final = re.compile(r"((?:\b[a-z0-9']+\" )+\b[a-z0-9']+)\"? (?:or|o|u) ([a-z0-9']+) ?$")
# Beside these nobody knows what is meant to end; and the plainest words may always be meant for us.
_GOES_ON: Final = re.compile(r"\b(?:continu\w*|keep|go on|resume|pause|seguir|sigue|sigo|pausar?|yes|si|ok|okay)\b")
_PLAINEST: Final = frozenset(("stop", "unsubscribe", "quit", "cancel", "remove", "cancelar"))
_ASKS: Final = 4  # words of a question that says what it asks about


@dataclass(frozen=True, slots=True)
class Asked:
    """`booking`: it is about one. `offers`: what each word it offers would mean. `said`: its words. `to_end`: whether
    they want to hear no more; `which`: what of several should end; `leave`: whether we may write or call; `else_`:
    about something else; `ended`: it says that they have ended it; `way`: by which way they want to be reached;
    `offer`: it offers them something. Of a question in which nothing is about messages,
    `asking`: its words; `choices`: those it lets them choose from."""

    booking: bool
    offers: dict[str, Means]
    said: frozenset[str]
    to_end: bool
    which: bool
    leave: bool
    else_: bool
    ended: bool
    way: bool
    offer: bool
    asking: frozenset[str]
    choices: frozenset[str]


@lru_cache(maxsize=4096)
def asked(after: str) -> Asked:
    folded = fold_texts([after[:2_000]]).text(0)
    spaced = _plain(folded)
    question = "?" in after
    asking = _plain(fold_texts([" ".join(_QUESTION.findall(after[:2_000]))]).text(0))
    reaches = _REACHES.search(asking) is not None
    take_off = _ASKS_TO_TAKE_OFF.search(asking)
    to_end = _ASKS_TO_END.search(spaced) or (take_off and _REACHES.search(asking, take_off.end()))
    which = reaches and _ASKS_WHICH.search(asking) is not None
    leave = question and (_ASKS_LEAVE.search(spaced) is not None or _asks_to_go_on(asking))
    return Asked(
        booking=_BOOKING.search(spaced) is not None,
        offers=_offers(folded),
        said=frozenset(_WORD.findall(spaced)),
        to_end=bool(to_end),
        which=which,
        leave=leave,
        else_=question and not (to_end or which or leave or reaches or _INTEREST.search(spaced)),
        ended=_CATEGORIES.search(spaced) is not None,
        way=any(map(_asks_way, _QUESTION.findall(after[:2_000]))),
        offer=_OFFERS.search(spaced) is not None,
        **_elsewhere(after[:2_000], spaced),
    )


def _asks_way(question: str) -> bool:
    asking = _plain(re.split(r"[!$]", fold_texts([question]).text(0))[-1])
    return _ASKS_WAY.search(asking) is not None and _ASKS_WHEN.search(asking) is None


def _asks_to_go_on(asking: str) -> bool:
    """With messages, calls or a list of ours, and not with a treatment."""
    goes_on = _ASKS_TO_GO_ON.search(asking)
    return goes_on is not None and bool(_REACHES.search(asking) or _FROM_US.search(asking))


def _elsewhere(after: str, spaced: str) -> dict[str, frozenset[str]]:
    """The words of questions about anything but messages, and those that are to be chosen from."""
    asking: set[str] = set()
    choices: set[str] = set()
    if not (_REACHES.search(spaced) or _ASKS_LEAVE.search(spaced)):
        for asked_ in _QUESTION.findall(after):
            question = re.split(r"[!$]", fold_texts([asked_]).text(0))[-1]
            words = _WORD.findall(question)
            if len(words) >= _ASKS:
                asking.update(words)
                choices |= _chosen_from(question)
    return {"asking": frozenset(asking), "choices": frozenset(choices)}


def _chosen_from(question: str) -> frozenset[str]:
    """What may be answered in a word, of three and more; of two a person decides: "low, middle or high"."""
    found = _CHOICE.search(question)
    if found is None or _GOES_ON.search(question):
        return frozenset()
    return frozenset((*found[1].split('" '), found[2])) - _PLAINEST


def _plain(folded: str) -> str:
    """Its words with single spaces between."""
    return re.sub(r"[^a-z0-9']+", " ", folded)


def _offers(folded: str) -> dict[str, Means]:
    found: dict[str, Means] = {}
    for offer in _OFFER.finditer(folded):
        if offer["word"] not in _VERBS:
            what = re.split(r" (?:or|o|and|y) ", offer["what"], maxsplit=1)[0]
            found.setdefault(offer["word"], _means(offer["word"], what))
    return found


def _means(word: str, what: str) -> Means:
    if re.search(r"\b(?:cancel\w*|anular|reschedule|change|reprogramar)\b", what) and not _ENDS.search(what):
        return "stop" if word in ("stop", "alto") else "booking"
    if _ENDS.search(what):
        return "stop"
    return "restart" if _BEGINS.search(what) else "other"
