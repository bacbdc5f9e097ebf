"""Where might somebody be? ZIP codes, states and area codes of the invented world, and every zone each may mean.

Zones of an area code are the union over its prefixes in the `phonenumbers` data, and of the overlays that RULES 1.4
adds; a number's exchange is never read. Numbers that belong to no place (toll-free, personal) may be anywhere.
"""

from collections import defaultdict
from dataclasses import dataclass

from phonenumbers.tzdata import TIMEZONE_DATA

SHORT = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
    "B": "America/Boise",
    "Z": "America/Phoenix",
    "A": "America/Anchorage",
    "D": "America/Adak",
    "H": "Pacific/Honolulu",
}
# state, town, ZIP, zone, area codes
TABLE = """
AL Birmingham 35203 C 205 256|AL Mobile 36602 C 251|AK Anchorage 99501 A 907|AK Adak 99546 D 907
AZ Phoenix 85004 Z 602 480|AZ Tucson 85701 Z 520|AZ Window_Rock 86515 M 928|AZ Flagstaff 86001 Z 928
AR Little_Rock 72201 C 501|CA Los_Angeles 90012 P 213 310|CA Beverly_Hills 90210 P 310|CA San_Francisco 94103 P 415
CO Denver 80202 M 303 720|CT Hartford 06103 E 860 203|DE Wilmington 19801 E 302|DC Washington 20001 E 202
FL Miami 33101 E 305 786|FL Pensacola 32501 C 850|FL Tallahassee 32301 E 850|FL Orlando 32801 E 407
GA Atlanta 30303 E 404 678|HI Honolulu 96813 H 808|HI Hilo 96720 H 808|ID Boise 83702 B 208
ID Coeur_d'Alene 83814 P 208|IL Chicago 60601 C 312 773|IN Indianapolis 46204 E 317|IN Gary 46402 C 219
IN Evansville 47708 C 812|IA Des_Moines 50309 C 515|KS Wichita 67202 C 316|KS Goodland 67735 M 785
KY Louisville 40202 E 502|KY Lexington 40502 E 859|KY Bowling_Green 42101 C 270|LA New_Orleans 70112 C 504 225
ME Portland 04101 E 207|MD Baltimore 21201 E 410 301|MA Boston 02108 E 617 508|MI Detroit 48226 E 313
MI Ironwood 49938 C 906|MN Minneapolis 55401 C 612|MS Jackson 39201 C 601|MO St._Louis 63101 C 314
MT Billings 59101 M 406|NE Omaha 68102 C 402|NE Scottsbluff 69361 M 308|NV Las_Vegas 89101 P 702
NV Reno 89501 P 775|NH Concord 03301 E 603|NJ Newark 07102 E 973 201|NM Albuquerque 87102 M 505
NY New_York 10001 E 212 917|NY Buffalo 14202 E 716|NC Raleigh 27601 E 919|ND Fargo 58102 C 701
ND Dickinson 58601 M 701|OH Columbus 43215 E 614|OK Oklahoma_City 73102 C 405 918|OR Portland 97201 P 503
OR Ontario 97914 B 541|PA Philadelphia 19103 E 215|PA Pittsburgh 15222 E 412|RI Providence 02903 E 401
SC Charleston 29401 E 843|SD Sioux_Falls 57104 C 605|SD Rapid_City 57701 M 605|TN Nashville 37203 C 615
TN Knoxville 37902 E 865|TN Chattanooga 37402 E 423|TX Dallas 75201 C 214|TX Houston 77002 C 713
TX El_Paso 79901 M 915|UT Salt_Lake_City 84101 M 801|VT Burlington 05401 E 802|VA Richmond 23219 E 804
WA Seattle 98101 P 206|WV Charleston 25301 E 304|WI Milwaukee 53202 C 414|WY Cheyenne 82001 M 307
"""
OVERLAYS = {"364": "270", "448": "850", "458": "541", "930": "812"}
NOWHERE = frozenset({"800", "833", "844", "855", "866", "877", "888"} | {f"5{digit}{digit}" for digit in "02345678"})


@dataclass(frozen=True)
class Place:
    state: str
    town: str
    zip: str
    zone: str
    areas: tuple[str, ...]


def _places() -> list[Place]:
    rows = [row.split() for line in TABLE.strip().splitlines() for row in line.split("|")]
    return [Place(row[0], row[1].replace("_", " "), row[2], SHORT[row[3]], tuple(row[4:])) for row in rows]


def _zones_of_areas() -> dict[str, frozenset[str]]:
    zones: dict[str, set[str]] = defaultdict(set)
    for prefix, named in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            zones[prefix[1:4]] |= set(named)
    for overlay, area in OVERLAYS.items():
        zones[overlay] |= zones[area]
    return {area: frozenset(named) for area, named in zones.items() if area not in NOWHERE}


PLACES = _places()
BY_ZIP = {place.zip: place for place in PLACES}
ZONES_OF_AREA = _zones_of_areas()
STATE_OF_AREA = {area: place.state for place in PLACES for area in place.areas}
STATE_OF_AREA |= {"606": "KY", "574": "IN", "620": "KS", "986": "ID"}
STATE_OF_AREA |= {overlay: STATE_OF_AREA[area] for overlay, area in OVERLAYS.items()}
ZONES_OF_STATE = {
    state: frozenset(place.zone for place in PLACES if place.state == state) for state in {p.state for p in PLACES}
}
EVERYWHERE = frozenset(SHORT.values())


def area_of(phone: str) -> str:
    """The area code of +1AAANNNNNNN."""
    return phone[2:5]
