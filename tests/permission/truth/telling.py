"""How one case of `may-contact` is told: the case, the answer and, where certain, the first allowed instant."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ET, CT, MT, PT = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
PHX, HI, ANC, ADAK, PR = (
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Adak",
    "America/Puerto_Rico",
)
HOURS = ["1.1", "1.2", "1.3", "1.4"]
STATE = [*HOURS, "1.5"]  # the federal window and the state's are shut
STATE_ONLY = ["1.3", "1.5"]  # only the state's
STOPPED = ["1.7", "1.11", "1.12", "1.14", "1.15"]
NO_CONSENT = ["1.8", "1.9", "1.19"]
FAMILIES: dict[str, list[dict[str, Any]]] = defaultdict(list)
Facts = dict[str, Any]


def clock(zone: str, wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))


def zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def consent(channel: str, purpose: str, kind: str, at: str = "2025-06-02T15:00:00Z") -> Facts:
    return {"channel": channel, "purpose": purpose, "kind": kind, "at": at}


def tell(
    family: str,
    name: str,
    answer: str,
    moment: datetime,
    *,
    opens: datetime | None = None,
    rule: str | list[str] | None = None,
    channel: str = "call",
    purpose: str = "marketing",
    consents: list[Facts] | None = None,
    **facts: Any,
) -> None:
    """One case; unless told otherwise the person gave written consent to marketing by this channel."""
    granted = consents if consents is not None else [consent(channel, purpose, "written")]
    facts.setdefault("automated", False)
    case = {
        **{key: value for key, value in facts.items() if value is not None},
        "at": moment.isoformat(),
        "channel": channel,
        "purpose": purpose,
        "consents": granted,
    }
    expect: Facts = {"answer": answer}
    if opens is not None:
        expect["not_before"] = zulu(opens)
    if rule is not None:
        expect["rule"] = rule
    FAMILIES[family].append({"name": name, "case": case, "expect": expect})


def window(  # noqa: PLR0917 (a table's row reads best in a line)
    family: str,
    who: str,
    first: tuple[str, str],
    last: tuple[str, str],
    day: str,
    rule: list[str],
    **facts: Any,
) -> None:
    """The four edges of one day's window: `first` and `last` are (zone, hour of its wall clock).

    `rule` is what may be named where the federal window is shut; at other hours only the state's can be meant.
    """
    start, end = clock(first[0], f"{day} {first[1]}"), clock(last[0], f"{day} {last[1]}")
    after = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    second = timedelta(seconds=1)
    tell(
        family,
        f"{who}, a second before it opens on {day}",
        "not_before",
        start - second,
        opens=start,
        rule=rule if first[1] == "08:00" else STATE_ONLY,
        **facts,
    )
    tell(family, f"{who}, as it opens on {day}", "yes", start, **facts)
    tell(family, f"{who}, in the last second of {day}", "yes", end - second, **facts)
    opens = clock(first[0], f"{after} {first[1]}")
    rule = rule if last[1] == "21:00" else STATE_ONLY
    tell(family, f"{who}, as it closes on {day}", "not_before", end, opens=opens, rule=rule, **facts)


def number(area: str) -> str:
    return f"+1{area}5550142"
