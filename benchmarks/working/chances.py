"""How do people who asked a clinic something behave? One draw of everything that nobody knows exactly, for each seed.

Taken from (looked at in November 2026):

answered by hour   11 million calls: 11.8 % at 8, 15.5 % at 10, 12.4 % at 18 h, 3.7 % at 7.
                   https://www.phoneburner.com/blog/sales-stats-2-best-time-of-day-for-sales-calls/
                   187,684 weekday calls: 26.8 % at 8, falling after noon; 20.8 % in all; Monday best.
                   https://www.mightycall.com/blog/best-time-to-cold-call-research
                   Best and worst hour differ by 2.6 points only: hours hardly matter.
                   https://velocify.com/blog/best-time-to-make-sales-calls/
                   Evenings and weekends are far better than weekdays by day (surveys at home).
                   https://www.rti.org/publication/optimal-call-scheduling-telephone-survey
                   From 16 to 18 h 114 % better than from 11 to 12.
                   https://clienttether.com/blog/what-are-the-best-times-to-call-customers-4-rules
                   They contradict each other: a seed has one of four days, each as likely (`DAYS`).
how many answer    19 % of Americans generally answer a number they do not know.
                   https://legacy.pewresearch.org/short-reads/2020/12/14/most-americans-dont-answer-cellphone-calls-from-unknown-numbers
                   65 % of patients reached by two calls, 58 % within a week, 68 to 73 % by four: 26 to 41 % a call.
                   https://shmabstracts.org/abstract/is-anyone-home-the-association-between-being-reached-for-a-postdischarge-phone-call-and-30day-hospital-readmission/
                   http://onlinelibrary.wiley.com/doi/10.1111/acem.12128/full
                   A quarter of online leads (17 to 40 %) never speak to anybody.
                   https://pete-bowen.com/about-25-of-leads-from-online-advertising-google-facebook-etc-never-speak-to-a-sales-person
right after asking 60 to 80 % reached within a minute, 40 to 55 % in 5 to 10, 25 to 35 % after 30 (odds 4 to 8 times).
                   https://www.getinsureleads.com/glossary/speed-to-contact
                   Odds of contact 10 times lower after an hour, or 100 times from 5 to 30 minutes: the most that is
                   claimed, of leads that were not given out by chance.
                   https://candidcreative.ca/kb/mit-lead-response-study-2007
                   https://ad-dictions.co.za/turn-leads-into-business/
again and again    Of those who buy in the end more than half did not answer the first call, 85 % had by the third,
                   93 to 95 % by the sixth.
                   https://velocify.com/blog/sales-process-pays-finding-the-right-level-of-persistence/
                   https://www.thryv.com/blog/lead-conversion-rates-better-response-timely/
wrong numbers      5 to 8 % of calls. https://medium.com/call-time/the-best-time-for-call-time-2020-edition-cc249254e009
interest left      Conversion is 2 to 5 times as high within the first minutes as later.
                   https://www.therainmakerblog.com/2016/03/articles/lead-conversion/study-reveals-best-contact-strategies-for-optimal-lead-conversion/
completed          200 leads, 120 reached, 20 admitted: 17 % of those reached; 20 % of all, a good centre.
                   https://webserv.io/glossary/lead-drop-off-rate https://www.admitscout.com/blog/cost-per-admit
when they ask      Peak at 9, slow fall until midnight, a second small peak at 21 to 22, 42 % outside telephone hours;
                   Monday most, weekend least. https://www.junoemr.com/when-do-patients-book-online/
length of a call   6.5 minutes across trades; 5 to 6 to book at a large clinic; 19 of a crisis line.
                   https://flexbone.ai/blog/average-handle-time-formula-how-to-calculate-and-reduce-aht/
                   http://www.tricare.mil/tma/tai/Access_Benchmarks.htm
                   https://www.physiciansweekly.com/new-988-suicide-hotline-sees-increase-in-calls-for-help/

Assumed, for want of a source: the shares of grades, of referrals and of danger, how much a score knows of who will
complete (from hardly anything to much), whether those who mean it answer more, minutes of a call in vain, days on which
a campaign doubles what comes in, how ill and how busy a team is. Left out: whoever calls back by themselves, texts
and mails, and that a reached lead is worked on further.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

# Of each hour of the day from 7 to 20, the share that answers, relative to their own mean; outside it is FLOOR.
FLOOR = 0.3
DAYS = {
    "offices": (3.7, 11.8, 14.1, 15.5, 15.0, 13.5, 14.4, 15.0, 14.4, 14.1, 12.6, 12.4, 12.6, 11.8),  # PhoneBurner
    "mornings": (15.0, 26.8, 25.0, 24.0, 22.5, 20.0, 19.5, 19.5, 19.0, 18.5, 17.5, 16.5, 16.0, 15.0),  # MightyCall
    "no hour": (12.0, 13.0, 13.5, 14.3, 14.0, 13.6, 13.8, 14.2, 14.2, 14.0, 13.6, 13.2, 13.0, 12.8),  # Velocify
    "evenings": (8.0, 9.0, 9.0, 8.5, 7.0, 8.5, 9.0, 9.5, 11.0, 15.0, 15.0, 17.0, 17.5, 17.0),  # Weeks, Oldroyd
}
WEEKEND = {"offices": 0.8, "mornings": 0.8, "no hour": 1.0, "evenings": 1.4}
FIRST_HOUR = 7

ASKED_BY_HOUR = (1.6, 0.8, 0.5, 0.4, 0.5, 0.9, 2.0, 4.2, 6.6, 8.2, 7.6, 6.9, 6.2, 6.0, 5.6, 5.2, 4.8, 4.6, 4.4, 4.3,
                 4.5, 5.6, 4.8, 3.0)  # fmt: skip
ASKED_BY_WEEKDAY = (1.25, 1.12, 1.06, 1.0, 0.92, 0.5, 0.45)
GRADES = (("A", 0.20), ("B", 0.35), ("C", 0.30), ("D", 0.15))


@dataclass(frozen=True, slots=True)
class Chances:
    """What holds for everybody in one world. Odds are of natural logarithm; minutes where nothing else is said."""

    day: str  # which of DAYS
    answers: float  # chance to answer at a mean hour, an hour or more after asking
    persons: float  # spread of persons, in odds
    fresh: float  # what is added to the odds at the moment of asking
    fresh_fades: float  # minutes after which a third of that is left
    fades: float  # what each doubling of the days since takes from the odds
    tired: float  # what each call in vain takes from them
    wrong: float  # share whose number reaches nobody
    completes: float  # share that completes intake of those reached at once
    kinds: float  # spread of that between leads, in odds
    kept: float  # part of it that never fades
    half: float  # hours after which half of the rest is lost
    knows: float  # correlation of the score with who completes
    eager: float  # how much more those who mean it answer, in odds
    talk: float  # median minutes of a call that succeeded
    vain: float  # minutes of one that did not
    danger: float  # share
    referral: float  # share
    elsewhere: float  # share in another time zone
    spam: float  # share that turns out to be spam or another team's
    load: float  # work that comes in, of what the team can do
    other: float  # part of working time that goes to other things


def drawn(seed: int) -> Chances:
    """One world's. Drawn from what sources leave open; two seeds have nothing in common."""
    rng = random.Random(f"chances {seed}")
    return Chances(
        day=rng.choice(sorted(DAYS)),
        answers=rng.uniform(0.15, 0.40),
        persons=rng.uniform(0.5, 1.2),
        fresh=rng.uniform(0.5, 3.0),
        fresh_fades=rng.uniform(10, 30),
        fades=rng.uniform(0.1, 0.5),
        tired=rng.uniform(0.0, 0.2),
        wrong=rng.uniform(0.03, 0.10),
        completes=rng.uniform(0.20, 0.50),
        kinds=rng.uniform(0.5, 1.5),
        kept=rng.uniform(0.2, 0.6),
        half=math.exp(rng.uniform(math.log(2), math.log(72))),
        knows=rng.uniform(0.2, 0.8),
        eager=rng.uniform(0.0, 0.5),
        talk=rng.uniform(6, 16),
        vain=rng.uniform(2.0, 3.5),
        danger=rng.uniform(0.01, 0.03),
        referral=rng.uniform(0.05, 0.20),
        elsewhere=rng.uniform(0.03, 0.15),
        spam=rng.uniform(0.03, 0.12),
        load=rng.uniform(0.6, 1.2),
        other=rng.uniform(0.20, 0.35),
    )


def odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def chance(odds_of_it: float) -> float:
    return 1 / (1 + math.exp(-odds_of_it))


def hourly(day: str) -> list[list[float]]:
    """Weekday (from Monday) × hour → what is added to the odds, by how the hour differs from the mean of its day."""
    share = DAYS[day]
    mean = sum(share) / len(share)
    told = [share[hour - FIRST_HOUR] / mean if 0 <= hour - FIRST_HOUR < len(share) else FLOOR for hour in range(24)]
    return [[math.log(part * (WEEKEND[day] if weekday >= 5 else 1)) for part in told] for weekday in range(7)]
