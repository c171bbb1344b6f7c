"""The invented municipality's three years, written as a register (docs/register-format.md).

The same number of participants, seed and day always give the same files. Identity numbers are of the series that the
Tax Agency uses for test identities (serial numbers 2380-2399), so none of them belongs to anybody.
"""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from exchange.demo import names, places
from participants.calendar import months_after
from participants.cautions import RESPONSIBILITY_ENDS_AT
from participants.models.aftercare import AFTERCARE_DAYS

YEARS_OF_HISTORY = 3
#: Reasons with their weights, roughly as the national figures fall.
REASONS = {
    "work": 30, "own_business": 1, "studies": 16, "transferred": 12, "assignment_completed": 12,
    "interrupted": 16, "moved": 6, "deceased": 0.4, "parental_leave": 3, "other": 4,
}  # fmt: skip
JOB_FORMS = {
    "unsubsidised": 55, "nystartsjobb": 15, "introduktionsjobb": 8, "etableringsjobb": 4, "lonebidrag": 12,
    "osa": 2, "municipal_employment": 4,
}  # fmt: skip
FORMS = {
    "municipal_employment": 34, "internship": 30, "language_internship": 14, "work_training": 14,
    "work_assessment": 6, "supported_employment": 2,
}  # fmt: skip
SOURCES = {"social_services": 55, "employment_service": 22, "self": 12, "insurance_agency": 4, "other": 7}
GROUPS = {"income_support": 67, "preventive": 22, "other": 9, "": 2}
EDUCATION = {
    "primary_incomplete": 18, "primary": 32, "upper_secondary": 30, "post_secondary": 10, "not_validated": 8, "": 2,
}  # fmt: skip

Row = dict[str, object]


def control_digit(digits: str) -> int:
    """The last digit of an identity number, from the nine before it (folkbokföringslagen 18 §)."""
    products = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return -sum(product // 10 + product % 10 for product in products) % 10


def write_demo_register(
    folder: Path, *, participants: int, seed: int, today: dt.date, coaches: dict[str, list[str]]
) -> None:
    """Write all files of the register into `folder`.

    `coaches` says which e-mail addresses of users are job coaches in which unit.
    """
    files = DemoRegister(participants=participants, seed=seed, today=today, coaches=coaches).files()
    for name, rows in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)


class DemoRegister:
    """Makes one register; every choice comes from one seeded source of chance."""

    def __init__(self, *, participants: int, seed: int, today: dt.date, coaches: dict[str, list[str]]):
        self.chance = random.Random(f"{seed}")
        self.size, self.seed, self.today, self.coaches = participants, seed, today, coaches
        self.first_day = today - dt.timedelta(days=365 * YEARS_OF_HISTORY)
        self.used_numbers: set[str] = set()
        self.participants: list[Row] = []
        self.referrals: list[Row] = []
        self.enrolments: list[Row] = []
        self.placements: list[Row] = []
        self.followups: list[Row] = []
        self.certificates: list[Row] = []
        self.aftercare: list[Row] = []

    def files(self) -> dict[str, list[Row]]:
        for number in range(1, self.size + 1):
            self.add_participant(f"{self.seed}-{number:06d}")
        files = {
            "units.csv": list(places.UNITS),
            "employers.csv": list(places.EMPLOYERS),
            "workplaces.csv": list(places.WORKPLACES),
            "participants.csv": self.participants,
            "referrals.csv": self.referrals,
            "enrolments.csv": self.enrolments,
            "placements.csv": self.placements,
            "followups.csv": self.followups,
            "certificates.csv": self.certificates,
            "aftercare.csv": self.aftercare,
        }
        return {name: rows for name, rows in files.items() if rows}

    # ------------------------------------------------------------------ chance

    def pick(self, weights: dict[str, float]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def days(self, low: int, high: int) -> dt.timedelta:
        return dt.timedelta(days=self.chance.randint(low, high))

    def working_day(self, day: dt.date) -> dt.date:
        """The day itself, or the Monday after a weekend."""
        return day + dt.timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)

    # ------------------------------------------------------------------ people

    def add_participant(self, key: str) -> None:
        woman = self.happens(0.52)
        born = self.birth_date()
        foreign = self.happens(0.03)
        number = "" if self.happens(0.01) else self.identity_number(born, woman=woman, coordination=foreign)
        given = self.chance.choice(names.WOMEN if woman else names.MEN)
        contact = self.happens(0.9)
        self.participants.append(
            {
                "participant": key,
                "identity_number": number,
                "birth_date": "" if number else born,
                "gender": ("woman" if woman else "man") if not number and self.happens(0.8) else "",
                "given_name": given,
                "family_name": self.chance.choice(names.FAMILY),
                "protection": self.pick({"none": 98.8, "secrecy_mark": 0.9, "protected_registration": 0.3}),
                "education": self.pick(EDUCATION),
                "phone": f"070-174 06 {self.chance.randint(5, 99):02d}" if contact else "",
                "email": f"deltagare.{key}@example.org" if contact and self.happens(0.7) else "",
                "street_address": f"{self.chance.choice(names.STREETS)} {self.chance.randint(1, 80)}"
                if contact
                else "",
                "postal_code": f"999 {self.chance.randint(10, 99)}" if contact else "",
                "city": "Björkåkra" if contact else "",
                "language": self.chance.choice(names.LANGUAGES) if self.happens(0.3) else "",
            }
        )
        self.add_way(key, born)

    def street(self) -> str:
        return f"{self.chance.choice(names.STREETS)} {self.chance.randint(1, 80)}"

    def birth_date(self) -> dt.date:
        """Between 18 and 64 years old, the young more often."""
        years = min(64, 18 + int(self.chance.expovariate(1 / 15)))
        return self.today - dt.timedelta(days=int(years * 365.25) + self.chance.randint(1, 364))

    def identity_number(self, born: dt.date, *, woman: bool, coordination: bool) -> str:
        """The test series' number for the day and gender, or of a day soon after; empty when all are taken.

        The series has one number a day and gender (238 for women, 239 for men, and the control digit).
        """
        serial = 238 if woman else 239
        for later in range(90):
            day = born + dt.timedelta(days=later)
            number = f"{day:%Y%m}{day.day + (60 if coordination else 0):02d}{serial}"
            if number not in self.used_numbers:
                self.used_numbers.add(number)
                return f"{number[:8]}-{serial}{control_digit(number[2:])}"
        return ""

    # ------------------------------------------------------------------ the way

    def add_way(self, key: str, born: dt.date) -> None:
        """One to four enrolments after each other, with what happened in them."""
        unit = self.chance.choices([unit["unit"] for unit in places.UNITS], [5, 3, 2])[0]
        start = self.working_day(self.first_day + self.days(0, 365 * YEARS_OF_HISTORY - 7))
        for number in range(1, 5):
            if start > self.today:
                return
            end = self.enrolment_end(start)
            self.add_enrolment(f"{key}-{number}", key, unit, start, end, born)
            if end is None or not self.happens(0.28):
                return
            start = self.working_day(end + self.days(10, 300))

    def enrolment_end(self, start: dt.date) -> dt.date | None:
        length = dt.timedelta(days=int(min(900, max(14, self.chance.lognormvariate(5.3, 0.75)))))
        end = self.working_day(start + length)
        return end if end <= self.today else None

    def add_enrolment(
        self, key: str, participant: str, unit: str, start: dt.date, end: dt.date | None, born: dt.date
    ) -> None:
        received = max(self.first_day, start - self.days(3, 30))
        self.referrals.append(
            {
                "referral": f"r{key}", "participant": participant, "unit": unit, "source": self.pick(SOURCES),
                "received": received, "decision": "accepted",
            }
        )  # fmt: skip
        if self.happens(0.07):
            day = self.first_day + self.days(0, (self.today - self.first_day).days)
            self.referrals.append(
                {
                    "referral": f"r{key}-x", "participant": "", "unit": unit, "source": self.pick(SOURCES),
                    "received": day,
                    "decision": self.pick({"returned": 4, "declined": 3, "withdrawn": 2}
                                          if day < self.today - dt.timedelta(days=30) else {"pending": 1}),
                }
            )  # fmt: skip
        coaches = self.coaches.get(unit, [])
        reason = self.pick(REASONS) if end else ""
        row = {
            "enrolment": key, "participant": participant, "unit": unit,
            "coach": self.chance.choice(coaches) if coaches and not (end is None and self.happens(0.04)) else "",
            "case_number": f"AMF {start.year}/{self.chance.randint(10, 9999):04d}",
            "target_group": self.group_of(born, end), "start": start, "end": end or "", "closure_reason": reason,
            "job_start": "", "job_end": "", "job_form": "", "study_aid": "",
        }  # fmt: skip
        if end:
            self.add_outcome(row, reason, end)
        self.enrolments.append(row)
        placed = start
        for number in range(1, self.chance.choices([1, 2, 3], [35, 45, 20])[0]):
            placed = self.add_placement(f"{key}-{number}", participant, placed, end) or self.today
        self.add_plan_reviews(key, participant, start, end)

    def group_of(self, born: dt.date, end: dt.date | None) -> str:
        """The municipal activity responsibility is for those under 20, and most of them are under it. Of those who
        have turned 20, it is changed or closed within weeks."""
        group = self.pick(GROUPS)
        twentieth = months_after(born, 12 * RESPONSIBILITY_ENDS_AT)
        young = (end or self.today) <= twentieth + dt.timedelta(days=30)
        return "activity_responsibility" if young and group in ("income_support", "preventive") else group

    def add_outcome(self, row: Row, reason: str, end: dt.date) -> None:
        """The job or the studies that the closure led to, and what the aftercare found."""
        if reason in ("work", "own_business"):
            began = self.working_day(end + self.days(-20, 7))
            if not self.happens(0.03):
                row["job_start"] = began
                if self.happens(0.1):
                    row["job_end"] = began + self.days(5, 200)
            if reason == "work" and not self.happens(0.02):
                row["job_form"] = self.pick(JOB_FORMS)
        elif reason == "studies" and not self.happens(0.04):
            row["study_aid"] = self.pick({"yes": 78, "no": 22})
        if reason not in ("work", "own_business", "studies"):
            return
        for days in AFTERCARE_DAYS:
            due = end + dt.timedelta(days=days)
            if due + dt.timedelta(days=14) <= self.today and self.happens(0.85):
                likely = {"work": 74, "studies": 4, "neither": 12, "not_reached": 10}
                if reason == "studies":
                    likely = {"work": 12, "studies": 66, "neither": 10, "not_reached": 12}
                self.aftercare.append(
                    {
                        "enrolment": row["enrolment"], "days_after": days, "status": self.pick(likely),
                        "checked": due + self.days(0, 14),
                    }
                )  # fmt: skip

    def add_placement(self, key: str, participant: str, earliest: dt.date, end: dt.date | None) -> dt.date | None:
        """A placement within the enrolment; returns when the next one may begin, None when there is no room."""
        form = self.pick(FORMS)
        start = self.working_day(earliest + self.days(20, 120))
        if start > min(end or self.today + dt.timedelta(days=20), self.today + dt.timedelta(days=20)):
            return None
        length = self.days(150, 200) if form == "municipal_employment" else self.days(25, 110)
        last = min(start + length, end) if end else start + length
        purpose, outcome = self.chance.choice(places.PURPOSES)
        ended = last < self.today
        self.placements.append(
            {
                "placement": key, "participant": participant,
                "workplace": self.chance.choice(places.WORKPLACES)["workplace"], "form": form, "start": start,
                "end": last, "grade": self.chance.choice(["1", "1", "0.75", "0.75", "0.5"])
                if form == "municipal_employment" else "",
                "purpose": purpose, "expected_outcome": outcome,
                "union_consulted": min(start - self.days(3, 12), self.today)
                if form == "municipal_employment" and self.happens(0.94) else "",
                "result": self.pick({"met": 60, "partly": 27, "not_met": 13}) if ended and self.happens(0.92) else "",
            }
        )  # fmt: skip
        self.add_followups(key, participant, form, start, last)
        if form == "municipal_employment" and ended and self.happens(0.86):
            self.add_certificate(key, last)
        return last

    def add_followups(self, key: str, participant: str, form: str, start: dt.date, last: dt.date) -> None:
        halfway = start + (last - start) / 2
        before_end = max(start, last - dt.timedelta(days=14))
        if form == "municipal_employment":
            wanted = [
                ("employment_1_month", start + dt.timedelta(days=30)),
                ("employment_mid", halfway),
                ("employment_final", before_end),
            ]
        else:
            wanted = [("placement_mid", halfway), ("placement_final", before_end)]
        for number, (kind, due) in enumerate([("three_party_meeting", start), *wanted], 1):
            self.add_followup(f"{key}-f{number}", participant, key, kind, self.working_day(due))

    def add_followup(self, key: str, participant: str, placement: str, kind: str, due: dt.date) -> None:
        filed = due + (self.days(-5, 0) if self.happens(0.75) else self.days(1, 25))
        done = filed <= self.today and not self.happens(0.07)
        self.followups.append(
            {
                "followup": key, "participant": participant, "placement": placement, "kind": kind, "due": due,
                "filed": filed if done else "",
            }
        )  # fmt: skip

    def add_plan_reviews(self, key: str, participant: str, start: dt.date, end: dt.date | None) -> None:
        for number, due in enumerate(self.half_years(start, end or self.today + dt.timedelta(days=120)), 1):
            self.add_followup(f"{key}-p{number}", participant, "", "plan_review", self.working_day(due))

    def half_years(self, start: dt.date, last: dt.date) -> Iterator[dt.date]:
        due = start + dt.timedelta(days=182)
        while due < last:
            yield due
            due += dt.timedelta(days=182)

    def add_certificate(self, placement: str, last: dt.date) -> None:
        issued = last + self.days(0, 20)
        for version in (1, 2) if self.happens(0.05) else (1,):
            if issued <= self.today:
                self.certificates.append(
                    {"certificate": f"c{placement}", "placement": placement, "version": version, "issued": issued}
                )
            issued += self.days(5, 40)
