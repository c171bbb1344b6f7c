"""How many certificates a second? `.venv/bin/python bench/certificates.py [COUNT]`, 60 unless told.

Makes an installation of its own in a temporary folder with the demo municipality, issues COUNT certificates and lets
real workers draw and keep them: one process, then two. Beside them the floor: the bare WeasyPrint loop over the same
HTML in one process, without database, numbers, PDF/UA or a hash. A figure is certificates a second from the first
that was kept to the last.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TASKS = "Arbetet har handlat om att ta emot varor och hålla ordning. Hon har mött besökare och svarat på frågor."


def install() -> None:
    """An installation with the demo municipality, in a folder that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="jobbspar-bench-"))
    folder.chmod(0o755)  # the embedded servers run as another user when this runs as root
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"JOBBSPAR_DATA": str(folder), "JOBBSPAR_DEMO": "true", "DJANGO_SETTINGS_MODULE": "config.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    from config import embedded

    embedded.postgres.acquire()
    embedded.valkey.acquire()
    call_command("migrate", verbosity=0)
    call_command("make_demo", "--participants", "400", verbosity=0)


def drafts(count: int) -> list:
    """Ended placements with a draft that can be issued."""
    import uuid

    from django.utils import timezone

    from accounts.models import User
    from competence.certifying.services import certificate_draft_save, draft_of
    from competence.models import Competence
    from placements.models import Placement

    author = User.objects.filter(memberships__role="job_coach").first()
    rows = Placement.objects.filter(certificate=None, certificate_draft=None, end__lt=timezone.localdate())
    rows = rows.filter(enrolment__participant__protection="none", workplace__occupational_area__isnull=False)
    made = []
    for placement in rows.select_related("workplace__employer", "enrolment__participant", "enrolment__unit")[:count]:
        draft = draft_of(placement)
        offered = Competence.objects.offered(version=draft.catalogue_id, area=draft.area_id)
        codes = list(offered.values_list("code", flat=True))
        draft = certificate_draft_save(
            placement=placement, author=author, seen=draft.revision, window=uuid.uuid4(), area=draft.area,
            occupation=draft.occupation, with_identity_number=False, with_workplace=False, tasks=TASKS,
            statements=[*codes[:5], *codes[12:15]],
        )  # fmt: skip
        made.append(draft)
    if len(made) < count:
        raise SystemExit(f"The demo has only {len(made)} ended placements left: ask for fewer certificates.")
    return made


def bare(count: int) -> float:
    """The same HTML and style by WeasyPrint alone, in one process."""
    from django.template.loader import render_to_string
    from django.utils import timezone

    from accounts.models import User
    from competence.documents import certificate
    from delivery.documents import pdf

    issuer = User.objects.filter(memberships__role="job_coach").first()
    pages = []
    for draft in drafts(count):
        content = certificate.certificate_content(draft=draft, issuer=issuer, version=1, issued=timezone.localdate())
        context = {
            "content": content, "start": draft.placement.start, "end": draft.placement.end,
            "issued": timezone.localdate(), "number": "INTYG-2026-00001", "code": "7F3K-92QX-4DMW", "dense": False,
            "qr": certificate._qr(certificate.verification_address("7F3K-92QX-4DMW")), "page": "example.se/kontroll",
        }  # fmt: skip
        pages.append(render_to_string("competence/certificate.html", context))
    weasyprint, fonts = pdf._weasyprint()
    sheets = [pdf._sheet(pdf.BASE), pdf._sheet(certificate.STYLE)]
    started = time.perf_counter()
    for html in pages:
        document = weasyprint.HTML(string=html, url_fetcher=pdf._refuse)
        document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant=pdf.VARIANT, pdf_tags=True)
    return count / (time.perf_counter() - started)


def by_workers(count: int, processes: int) -> float:
    """Issue `count`, then let a worker with so many processes draw them."""
    from competence.certifying.services import RENDER, certificate_issue
    from delivery.models import Job

    ready = drafts(count)
    last = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for draft in ready:
        certificate_issue(placement=draft.placement, actor=draft.saved_by, seen=draft.revision)
    jobs = Job.objects.filter(kind=RENDER, pk__gt=last)
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", str(processes), "-l", "ERROR", "-B"]
    schedule = Path(os.environ["JOBBSPAR_DATA"]) / "bench-schedule"
    worker = subprocess.Popen([*command, "--schedule", str(schedule)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while jobs.exclude(state="done").exists():
            if jobs.filter(state="failed").exists():
                raise SystemExit(f"A certificate failed: {jobs.filter(state='failed').first().error}")
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait()
    # Each process imports the library with its first document; the clock starts when that is done.
    finished = sorted(jobs.values_list("finished_at", flat=True))[2 * processes - 1 :]
    return (len(finished) - 1) / (finished[-1] - finished[0]).total_seconds()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    install()
    floor = bare(count)
    print(f"bare WeasyPrint, one process   {floor:5.1f} a second")
    for processes in (1, 2):
        rate = by_workers(count, processes)
        print(f"worker with {processes} process(es)       {rate:5.1f} a second, {rate / floor:.2f} of the bare loop")


if __name__ == "__main__":
    main()
