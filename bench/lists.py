"""How long does it take to take a list out? `.venv/bin/python bench/lists.py`, after `bench/pages.py` has made its
installation (the folder is the same).

Takes the whole municipality's list out as its manager, with ten columns, as CSV and as XLSX, and prints seconds, rows
and size; once as many as are made at once, once everybody.
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ["name", "born", "status", "unit", "coach", "target_group", "start", "activity", "next_followup", "phone"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/jobbspar-bench-pages"))
    arguments = parser.parse_args()
    os.environ |= {
        "JOBBSPAR_DATA": str(arguments.folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "JOBBSPAR_WEB_PROCESS": "true",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.http import QueryDict

    from accounts.models import User
    from participants.listing.files import CSV, XLSX, ListFile
    from participants.listing.question import ListQuestion

    head = User.objects.get(email="head@example.org")
    for address in ("status=active", ""):
        for form in (CSV, XLSX):
            file = ListFile(ListQuestion(head, QueryDict(address)), keys=COLUMNS)
            started = time.perf_counter()
            content = file.written(form)
            seconds = time.perf_counter() - started
            told = f"{address or 'everybody':16}{form:6}{file.count:8} rows"
            print(f"{told} {seconds:7.2f} s {len(content) / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
