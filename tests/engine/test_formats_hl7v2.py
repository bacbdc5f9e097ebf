"""What a hospital writes is read, whatever its delimiters, line ends and characters; what we answer is HL7."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Segment
from hl7apy.parser import parse_message
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.formats import hl7v2

AT = datetime(2026, 11, 27, 5, tzinfo=UTC)
MESSAGE = "\r".join(
    [
        r"MSH|^~\&|EHR|NORTH|LEADWELL|CLINIC|20261120090000-0600||REF^I12^REF_I12|M-17|P|2.5.1",
        "RF1|P^Pending^HL70283|S^Stat^HL70280||||R-17^EHR|20261120",
        "PRD|RP^Referring provider^HL70286|Example^Dora^^^Dr.|1 Example St^^Evanston^IL^60201||^WPN^PH^^1^312^5550148",
        "PID|1||17^^^NORTH^MR||Sample^Ana||19600102|F",
        "NTE|1||Afternoons only, please.",
    ]
)


def read(text: str, **instead: str) -> hl7v2.Read:
    for old, new in instead.items():
        text = text.replace(old, new)
    return hl7v2.read(text.encode())


def with_segment(line: str) -> dict[str, str]:
    return hl7v2.read(f"{MESSAGE}\r{line}\r".encode()).columns


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
def test_lines_may_end_in_any_way(end: str) -> None:
    told = read(MESSAGE.replace("\r", end))
    assert (told.code, told.columns["patient_last_name"]) == ("AA", "Sample")


def test_its_own_delimiters_hold() -> None:
    other = MESSAGE.translate(str.maketrans({"|": "#", "^": "*", "~": "!", "\\": "@", "&": "$"}))
    assert read(other).columns == read(MESSAGE).columns


@pytest.mark.parametrize(
    ("said", "codec"),
    [("UNICODE UTF-8", "utf-8"), ("8859/1", "latin-1"), ("", "utf-8"), ("", "cp1252"), ("8859/2", "iso8859-2"),
     ("UNICODE UTF-16", "utf-16"), ("ASCII", "utf-8"), ("UNICODE UTF-8", "cp1252"), ("8859/1", "utf-8")],
)  # fmt: skip
def test_characters_are_those_of_msh_18_or_what_they_must_be(said: str, codec: str) -> None:
    text = MESSAGE.replace("2.5.1", f"2.5.1||||||{said}").replace("Ana", "Zoë")
    assert hl7v2.read(text.encode(codec)).columns["patient_first_name"] == "Zoë"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\T\b \F\ \S\ \R\ \E\ ", "a&b | ^ ~ \\"),
        (r"one\.br\two", "one\ntwo"),
        ("\\X416e61\\", "Ana"),
        (r"\H\loud\N\ ", "loud"),
        (r"C:\scans\knee", r"C:\scans\knee"),
        ("one~two", "one\ntwo"),
        ('""', ""),
    ],
)
def test_escapes_mean_what_they_stand_for(written: str, meant: str) -> None:
    told = read(MESSAGE, **{"Afternoons only, please.": written})
    assert told.columns.get("referral_reason", "") == meant.strip()


def test_a_line_that_begins_no_segment_goes_on_with_the_one_before() -> None:
    told = read(MESSAGE, **{"only, please.": "only,\nplease."})
    assert told.columns["referral_reason"] == "Afternoons only,\nplease."


def test_what_two_sites_agreed_on_is_kept() -> None:
    assert with_segment("ZPI|1||as they like")["extra.ZPI"] == "1: 1; 3: as they like"


@pytest.mark.parametrize(
    ("born", "sent", "asks_for", "first_name"),
    [
        ("20081121", "20261120", "child", "Inés"),  # eighteen tomorrow
        ("20081120", "20261120", "patient", ""),  # eighteen today
        ("", "20261120", "child", "Inés"),
    ],
)
def test_a_mother_speaks_for_a_child_until_it_is_of_age(born: str, sent: str, asks_for: str, first_name: str) -> None:
    text = MESSAGE.replace("19600102", born).replace("20261120090000", f"{sent}090000")
    told = read(text + "\rNK1|1|Sample^Inés|MTH^Mother^HL70063||312-555-0147^PRN^CP")
    assert (told.columns["asks_for"], told.columns.get("first_name", "")) == (asks_for, first_name)


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("NK1|1|Sample^Bo|SPO^Spouse^HL70063||312-555-0147", {"extra.contacts": "Bo Sample 312-555-0147 Spouse"}),
        ("OBR|1|||KNEE^Knee consultation^L", {"referral_service": "Knee consultation"}),
        ("PR1|1||27447^Total knee^C4", {"referral_service": "Total knee"}),
        ("IN1|1|PPO^Choice|1|Aetna", {"payer": "Aetna", "plan": "Choice"}),
        ("OBX|1|ED|PDF^Letter^L||^application^pdf^Base64^JVBERi0=", {"extra.attachments": "Letter application pdf"}),
        ("AUT|PPO|1||||A-99", {"extra.authorization": "PPO A-99"}),
    ],
)  # fmt: skip
def test_a_segment_says_its_columns(line: str, columns: dict[str, str]) -> None:
    assert with_segment(line).items() >= columns.items()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("OBR|1|||SPN^Spine^L|||||||||legs give way", "legs give way"),
        ("OBR|1|||SPN^Spine^L|||||||||X1^legs give way^L", "legs give way"),
        ("OBR|1|||X^CT^L|||20261101||||||after a fall", "after a fall"),
        ("OBX|1|SN|EF^Ejection fraction^L||>^40|%", "Ejection fraction: > 40 %"),
        ("OBX|1|NM|EF^Ejection fraction^L||40||||||W", ""),
        ("OBX|1|ED|L^Letter^L||^TEXT^PLAIN^Base64^U2VlbiAxIERlYy4=", "Seen 1 Dec."),
        ("OBX|1|ED|L^Letter^L||^text^plain^A^Seen 1 Dec.", "Seen 1 Dec."),
        ("OBX|1|ED|L^Letter^L||^text^plain^Base64^!", ""),
        ("DG1|1||M17.11^Gonarthrosis^I10", "Gonarthrosis"),
        ("DG1|1||M17.11^^I10^X^Gonarthrosis^L", "Gonarthrosis"),
        ("DG1|1||M17.11^Gonarthrosis^I10||||||||||||||||||D", ""),
        ("PV2|||^Falls|||||||||walks with a stick", "Falls\nwalks with a stick"),
    ],
)
def test_what_is_written_and_measured_is_the_reason(line: str, reason: str) -> None:
    said = with_segment(line)["referral_reason"]
    assert said.replace("Afternoons only, please.", "").strip() == reason


@pytest.mark.parametrize(
    ("contact", "phone", "email"),
    [
        ("^WPN^PH^front@yarrow.example.org^1^309^5550123", "309-555-0123", "front@yarrow.example.org"),
        ("front21@yarrow.example.org^NET^Internet", None, "front21@yarrow.example.org"),
        ("^NET^Internet^^^^^^^^^front21@yarrow.example.org", None, "front21@yarrow.example.org"),
        ("^WPN^PH^^^^^^^^^3095550123", "3095550123", None),
        ("^WPN^FX^^1^309^5550123", None, None),
    ],
)
def test_a_telephone_and_an_address_may_stand_in_one_field(contact: str, phone: str | None, email: str | None) -> None:
    told = read(MESSAGE, **{"^WPN^PH^^1^312^5550148": contact}).columns
    assert (told.get("referrer_phone"), told.get("referrer_email")) == (phone, email)


def test_names_and_numbers_of_each_role_are_kept() -> None:
    desk = "CTD|RP|Bell^Tamika||||815-555-0119^WPN^PH"
    text = MESSAGE.replace("\rPID|", f"\r{desk.replace('||||', '|||')}\rPID|")
    others = [
        "PRD|RT^Referred to^HL70286|Team^Lakeside",
        "CTD|RT|Receiver^Ray|||312-555-0100",
        "PRD|CP^Consulting provider^HL70286|Sample^Max|||312-555-0177",
        "OBR|1|||SPN^Spine^L||||||||||||1234567893^Orderer^Olive^^^Dr.|312-555-0166",
        "IN1|1|PPO^Choice|1|Aetna||||||||||||Sample^Otto|SPO^Spouse^HL70063",
    ]
    told = read("\r".join([text, *others])).columns
    assert told["referrer_phone"] == "312-555-0148"
    assert told["extra.referrer contacts"] == "Tamika Bell 815-555-0119"
    assert told["extra.other providers"] == "Max Sample 312-555-0177 Consulting provider; Ray Receiver 312-555-0100"
    assert told["extra.meant for"] == "Lakeside Team"
    assert told["extra.ordered by"] == "Dr. Olive Orderer 1234567893 312-555-0166"
    assert told["extra.insured"] == "Otto Sample Spouse"
    alone = read(text, **{"^WPN^PH^^1^312^5550148": ""}).columns
    assert alone["referrer_phone"] == "815-555-0119"


@pytest.mark.parametrize(
    ("born", "told"),
    [("19610000", "1961"), ("19610500", "1961-05"), ("1961", "1961"), ("00000000", None),
     ("196105031230", "1961-05-03"), ("1961-05-03", "1961-05-03"), ("05/03/1961", "05/03/1961"), ('""', None)],
)  # fmt: skip
def test_no_day_is_invented(born: str, told: str | None) -> None:
    assert read(MESSAGE, **{"19600102": born}).columns.get("patient_birth_date") == told


@pytest.mark.parametrize(
    ("old", "new", "timeline"),
    [
        ("S^Stat^HL70280", "^Urgent", "urgent"),
        ("S^Stat^HL70280", "R", None),
        ("S^Stat^HL70280", "", "as soon as possible"),
    ],
)
def test_how_soon_may_stand_with_what_is_ordered(old: str, new: str, timeline: str | None) -> None:
    text = f"{MESSAGE}\rOBR|1|||SPN^Spine^L|A"
    assert read(text, **{old: new}).columns.get("timeline") == timeline


def test_a_segment_that_is_seldom_there_is_carried_along() -> None:
    told = read(f"{MESSAGE}\rACC|20261101|WORK^at work\rPV1|1|O\rSFT|Orchard|9\rIN2|1|1").columns
    assert (told["extra.ACC"], told["extra.PV1"]) == ("1: 20261101; 2: WORK^at work", "1: 1; 2: O")
    assert not {"extra.SFT", "extra.IN2"} & told.keys()


def test_codes_stand_beside_their_words() -> None:
    assert with_segment("DG1|1||M17.11^Gonarthrosis^I10")["extra.codes"] == "I10 M17.11"
    assert with_segment("DG1|1|I9|724.02|Spinal stenosis")["extra.codes"] == "724.02"


def test_what_was_observed_is_no_service_that_is_asked_for() -> None:
    told = with_segment("OBR|1|||4548-4^Hemoglobin A1c^LN|||20261101\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.9|%")
    assert "referral_service" not in told
    assert "Hemoglobin A1c: 7.9 %" in told["referral_reason"]


@pytest.mark.parametrize(
    ("old", "new", "code", "problem"),
    [
        ("PRD|", "ZRD|", "AE", "segment PRD missing"),
        ("PID|", "ZID|", "AE", "segment PID missing"),
        ("Sample^Ana", "", "AE", "PID-5 says no name"),
        ("REF^I12", "ADT^A08", "AR", "not supported: ADT^A08, REF^I12 to I15 are"),
        ("REF^I12", "", "AR", "not supported: a message without a kind, REF^I12 to I15 are"),
        ("|2.5.1", "|3.0", "AR", "not supported: another version than 2"),
        ("MSH|", "XSH|", "AR", "no HL7 v2 message: it does not begin with MSH"),
        (r"^~\&", "^^^^", "AR", "no HL7 v2 message: two of its delimiters are the same"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, code: str, problem: str) -> None:
    told = read(MESSAGE, **{old: new})
    assert (told.code, told.problem) == (code, problem)


@pytest.mark.parametrize("version", ["2.3", "2.3.1", "2.4", "2.5", "2.5.1"])
@pytest.mark.parametrize("change", ["I12", "I13", "I14", "I15"])
def test_what_we_answer_is_hl7(version: str, change: str) -> None:
    """By hl7apy, strictly: its structure, its required fields, its tables of types."""
    text = MESSAGE.replace("2.5.1", version).replace("REF^I12^REF_I12", f"REF^{change}^REF_I12")
    told = hl7v2.answer(read(text), number="A1", at=AT).decode()
    parsed = parse_message(told, validation_level=VALIDATION_LEVEL.TOLERANT)
    assert (parsed.msa.msa_1.to_er7(), parsed.msa.msa_2.to_er7()) == ("AA", "M-17")
    assert parsed.msh.msh_9.to_er7() == f"RRI^{change}^RRI_I12"
    assert parsed.msh.msh_3.to_er7() == "LEADWELL"
    if version == "2.5.1":
        assert parsed.validate()


@pytest.mark.parametrize("old", ["PRD|", "REF^I12^REF_I12", "MSH|"])
def test_what_is_refused_is_answered_in_hl7_too(old: str) -> None:
    told = hl7v2.answer(read(MESSAGE, **{old: "ZZZ|" if old != "REF^I12^REF_I12" else "ADT^A08"}), number="A1", at=AT)
    parsed = parse_message(told.decode(), validation_level=VALIDATION_LEVEL.TOLERANT)
    assert parsed.msh.msh_9.msh_9_1.to_er7() == "ACK"
    assert parsed.err.err_4.to_er7() == "E"


def test_the_answer_is_the_same_each_time() -> None:
    assert hl7v2.answer(read(MESSAGE), number="A1", at=AT) == hl7v2.answer(read(MESSAGE), number="A1", at=AT)


def test_we_read_what_hl7apy_reads() -> None:
    theirs = parse_message(MESSAGE, find_groups=False, validation_level=VALIDATION_LEVEL.TOLERANT)
    ours = read(MESSAGE).message
    assert ours is not None
    for one in ours.segments:
        segment: Segment = getattr(theirs, one.name.lower())[0]
        for number in range(1 if one.name != "MSH" else 3, len(one.fields)):
            assert getattr(segment, f"{one.name.lower()}_{number}").to_er7() == one.raw(number)


SIGNS = ["|", "^", "~", "\\", "&", "\r", "PID|", "\0", "é", '""']
BYTES = st.binary(max_size=300) | st.sampled_from(SIGNS).map(str.encode)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(BYTES, max_size=6), st.integers(0, len(MESSAGE)))
def test_any_bytes_are_read_and_answered(parts: list[bytes], at: int) -> None:
    raw = MESSAGE.encode()
    for body in (b"".join(parts), raw[:at] + b"".join(parts) + raw[at:], b"MSH" + b"".join(parts)):
        told = hl7v2.read(body)
        assert told.code in ("AA", "AE", "AR")
        assert hl7v2.answer(told, number="A1", at=AT).startswith(b"MSH")
