"""The certificate as data: a credential of achievement in the shape of Open Badges 3.0 (1EdTech), for machines.

Told is what the paper tells and nothing more, from the same frozen content. It carries no proof of its own: it lies
in the PDF, whose seal covers it, and its id is the page where the certificate can be checked.
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

CONTEXT = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")


def badge_json(*, content: dict, number: str, address: str) -> str:
    """The JSON of an issued certificate. `address` is its page of verification, and begins every id in it."""
    return json.dumps(_credential(content, number, address), ensure_ascii=False, indent=1)


def _credential(content: dict, number: str, address: str) -> dict:
    statements = [each for module in content["modules"] for each in module["statements"]]
    evidence = _evidence(content)
    return {
        "@context": list(CONTEXT),
        "id": address,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": _("Certificate of competence"),
        "description": _("What somebody can do, shown at a workplace"),
        "issuer": {"id": settings.PUBLIC_ADDRESS, "type": ["Profile"], "name": content["municipality"]},
        "validFrom": _midnight(content["issued"]),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(content),
            "activityStartDate": _midnight(content["start"]),
            "activityEndDate": _midnight(content["end"]),
            "licenseNumber": number,
            "narrative": content["tasks"],
            "achievement": _achievement(content, statements, address),
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{address}#{each['code']}",
                    "achievedLevel": f"{address}#{each['code']}-{each['level']}",
                }
                for each in statements
            ],
        },
        **({"evidence": evidence} if evidence else {}),
    }


def _identifiers(content: dict) -> list[dict]:
    shown = [("name", content["name"])]
    if content["identity_number"]:
        shown.append(("nationalIdentityNumber", content["identity_number"]))
    return [
        {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}
        for kind, value in shown
    ]


def _achievement(content: dict, statements: list[dict], address: str) -> dict:
    occupation, area = content["occupation"], content["area"]
    phrases: dict[str, list[str]] = {}
    for each in statements:
        phrases.setdefault(each["phrase"], []).append(each["text"])
    achievement = {
        "id": f"{address}#achievement",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "inLanguage": "sv",
        "name": _("Certificate of competence") + (f": {area['label']}" if area else ""),
        "description": content["form"]["label"] + (f", {content['workplace']}" if content["workplace"] else ""),
        "criteria": {
            "narrative": "\n".join(
                f"{phrase[:1].upper()}{phrase[1:]}:\n" + "\n".join(f"- {text}" for text in texts)
                for phrase, texts in phrases.items()
            )
        },
        "resultDescription": [_result_description(each, address) for each in statements],
    }
    if occupation:
        achievement["alignment"] = [
            {
                "type": ["Alignment"],
                "targetCode": occupation["ssyk"],
                "targetName": occupation["label"],
                "targetFramework": "SSYK 2012",
                "targetUrl": "https://www.scb.se/ssyk/",
            }
        ]
    return achievement


def _result_description(statement: dict, address: str) -> dict:
    """A statement, and the one level of support that was reached: the paper shows no other either."""
    identifier = f"{address}#{statement['code']}"
    return {
        "id": identifier,
        "type": ["ResultDescription"],
        "name": statement["text"],
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            {
                "id": f"{identifier}-{statement['level']}",
                "type": ["RubricCriterionLevel"],
                "name": statement["phrase"],
                "level": str(statement["level"]),
            }
        ],
    }


def _evidence(content: dict) -> list[dict]:
    """How it was assessed: a stage each."""
    kinds = ", ".join(each["label"] for each in content["assessed"]["evidence"])
    return [
        {
            "type": ["Evidence"],
            "name": each["label"],
            "narrative": f"{each['signed']} {each['by']}".strip() + (f": {kinds}" if kinds else ""),
        }
        for each in content["assessed"]["stages"]
    ]


def _midnight(day: str) -> str:
    """The first moment of the day in Sweden, as the format wants times."""
    at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    return at.isoformat()
