"""Who are we, and what do we offer to whom?"""

from __future__ import annotations

from leadwell.playbook.model import Location, Offer, Playbook, Service
from leadwell.playbook.show.section import Part, Section, joined, part, quoted, section, sentence
from leadwell.playbook.titles import LANGUAGES, said

KINDS = {
    "therapy": "A therapy.",
    "specialty": "A specialty.",
    "diagnostic": "A diagnostic service.",
    "program": "A programme.",
}
OTHER = {
    "existing-patient": "An existing patient's matter",
    "job": "Somebody looking for a job",
    "vendor": "Somebody selling something",
    "complaint": "A complaint",
}


def organization(playbook: Playbook) -> Section:
    us = playbook.organization
    spoken = joined(LANGUAGES.get(code, code) for code in us.languages)
    about = part(
        None,
        f"This is the policy of {us.name}.",
        sentence(f"People reach us at {us.phone}" + (f" and {us.website}" if us.website else "")) if us.phone else None,
        sentence(f"Our postal address is {us.postal_address}") if us.postal_address else None,
        f"We answer in {spoken}. Our clocks stand in {us.time_zone}"
        + (f", and we keep the public holidays of {us.holidays}." if us.holidays else "."),
        _payers(playbook),
    )
    clinics = [_location(location, playbook) for location in playbook.locations.values()]
    return section("Who we are", [about, *clinics])


def _payers(playbook: Playbook) -> str:
    own = "People may pay themselves." if playbook.payers.self_pay else "Nobody pays themselves."
    if not playbook.payers.accepted:
        return f"No payer is listed as accepted. {own}"
    return f"We accept {joined(playbook.payers.accepted)}. {own}"


def _location(location: Location, playbook: Playbook) -> Part:
    names = [playbook.services[key].name for key in location.services or ()]
    spoken = joined(LANGUAGES.get(code, code) for code in location.languages)
    return part(
        location.name,
        f"ZIP code {location.zip}" + (f", open {location.hours}." if location.hours else "."),
        f"Spoken here: {spoken}.",
        f"Offers only {joined(names)}." if names else "Offers everything we offer.",
    )


def services(playbook: Playbook) -> Section:
    return section("What we offer", map(_service, playbook.services.values()))


def _service(service: Service) -> Part:
    visits = [f"{v.name} ({v.minutes} minutes, {'by video' if v.mode == 'video' else v.mode})" for v in service.visits]
    return part(
        service.name,
        f"{KINDS[service.kind]} People ask for it as {quoted(service.asks)}.",
        f"Words that show they know what they need: {quoted(service.specific)}." if service.specific else None,
        f"It begins with {joined(visits, 'or')}." if visits else None,
        f"Openings: {service.openings}." if service.openings else None,
        f"We promise: {service.expect}" if service.expect else None,
        f"To prepare: {service.prepare}" if service.prepare else None,
        "It is sensitive: a minor who asks alone is looked at by a person." if service.sensitive else None,
        "Its records fall under 42 CFR Part 2." if service.part2 else None,
    )


def elsewhere(playbook: Playbook) -> Section:
    parts = (
        part(
            entry.key.replace("-", " ").capitalize(),
            f"Asked for as {quoted(entry.asks)}; we do not offer it.",
            f"It could go to {entry.redirect}." if entry.redirect else None,
            f"We say: {entry.say}" if entry.say else None,
        )
        for entry in playbook.elsewhere.values()
    )
    return section("What we do not offer", parts)


def offers(playbook: Playbook) -> Section:
    return section("What organisations can ask for", (_offer(offer, playbook) for offer in playbook.offers.values()))


def _offer(offer: Offer, playbook: Playbook) -> Part:
    return part(
        offer.name,
        f"They ask for it as {quoted(offer.asks)}.",
        f"Who decides on their side: {joined(offer.decides, 'or')}." if offer.decides else None,
        f"It holds where {said(offer.when, playbook)}." if offer.when else None,
    )


def others(playbook: Playbook) -> Section:
    return section(
        "What is no enquiry for care",
        (
            part(OTHER[entry.key], f"Goes to {entry.team}.", f"We say: {entry.say}" if entry.say else None)
            for entry in playbook.other.values()
        ),
    )
