"""How many certificates a second? `.venv/bin/python bench/certificates.py [COUNT] [--round]`, 120 unless told.

Makes an installation of its own in a temporary folder with the demo municipality, issues COUNT certificates and lets
real workers draw, seal and keep them: one process, then two. Beside them the floor: the bare loop of WeasyPrint over
the same HTML and pyHanko over what it gives, without database, numbers, PDF/UA or a hash, in as many processes. A
figure is certificates a second from the first that was kept to the last. Printed too: what drawing and sealing one
takes. Last, as many certificates in a round ("issue for all that are ready") with two processes: issued and drawn,
from the start of its job to the last one kept, beside the house's own drawing and sealing in a bare loop, from
content to bytes; with --round only this, and the bare loops in two processes.
"""

import atexit
import contextlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TASKS = "Arbetet har handlat om att ta emot varor och hålla ordning. Hon har mött besökare och svarat på frågor."


def install(participants: int) -> None:
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
    call_command("make_demo", "--participants", str(participants), verbosity=0)


def assess(placement, coach) -> None:
    """Everything at the level that needs no help, unless the demo has assessed it at the end already."""
    from competence.assessing import services
    from competence.assessing.said import Said, offered

    if placement.assessments.filter(stage="final").exists():
        return
    assessment = services.assessment_begin(placement=placement, stage="final", actor=coach)
    said = {each.code: Said(3, ("OBSERVED",)) for each in offered(assessment)}
    services.assessment_save(assessment=assessment, said=said, actor=coach)
    services.assessment_complete(assessment=assessment, actor=coach)
    services.assessment_sign(assessment=assessment, how="paper", name="Lena Holm")


def drafts(count: int) -> list:
    """Ended placements, assessed and with a draft that can be issued."""
    import uuid

    from django.utils import timezone

    from accounts.models import User
    from competence.certifying.services import Written, certificate_draft_save, draft_of
    from placements.models import Placement

    author = User.objects.filter(memberships__role="job_coach").first()
    rows = Placement.objects.filter(certificate=None, certificate_draft=None, end__lt=timezone.localdate())
    rows = rows.filter(enrolment__participant__protection="none", workplace__occupational_area__isnull=False)
    rows = rows.select_related("workplace__employer", "place", "enrolment__participant", "enrolment__unit")
    made = []
    for placement in rows[:count]:
        assess(placement, author)
        draft = draft_of(placement)
        general = [code for code in draft.statements if code[:3] in ("SPR", "SOC", "ALL")]
        written = Written(
            occupation=draft.occupation,
            tasks=TASKS,
            statements=[*[code for code in draft.statements if code not in general][:5], *general[:3]],
            read_on=timezone.localdate(),
        )
        made.append(
            certificate_draft_save(
                placement=placement, author=author, written=written, seen=draft.revision, window=uuid.uuid4()
            )
        )
    if len(made) < count:
        raise SystemExit(f"The demo has only {len(made)} ended placements left: ask for fewer certificates.")
    return made


def pages(count: int) -> tuple[list[dict], list[dict]]:
    """What is given to `render_pdf` for as many certificates: HTML, style, the mark, the data inside; and their
    contents."""
    from django.utils import timezone

    from accounts.models import User
    from competence.documents import certificate
    from delivery.models import Document

    issuer = User.objects.filter(memberships__role="job_coach").first()
    document = Document(number="INTYG-2026-00001", verification_code="7F3K-92QX-4DMW")
    given, contents, draw = [], [], certificate.render_pdf

    def noted(**page):
        given.append(page)
        return draw(**page)

    certificate.render_pdf = noted
    try:
        for draft in drafts(count):
            content = certificate.certificate_content(
                draft=draft, issuer=issuer, version=1, issued=timezone.localdate()
            )
            contents.append(content)
            certificate.certificate_pdf(content=content, document=document)
            draft.delete()  # so that the placement can be issued below
    finally:
        certificate.render_pdf = draw
    if len(given) != count:
        print(f"{len(given)} drawings for {count} certificates: some were set anew to fit their pages")
    return given[-count:], contents


def bare_loop(given: list[dict]) -> list[tuple[float, float, float]]:
    """By WeasyPrint and pyHanko alone: of each the processor time, how long it was drawn and sealed, in seconds."""
    from delivery.documents import pdf, sealing

    key, times = sealing.sealing_key(), []
    for page in given:
        began, used = time.perf_counter(), time.process_time()
        weasyprint, fonts = pdf._weasyprint()
        sheets = [pdf._sheet(pdf.BASE, fonts), pdf._sheet(page["style"], fonts)]
        sheets.append(weasyprint.CSS(string=f"html {{ --colour: {page['colour']} }}"))
        document = weasyprint.HTML(string=page["html"], url_fetcher=lambda url: pdf._fetch(page["pictures"], url))  # noqa: B023
        files = [pdf._attachment(weasyprint, each) for each in page["files"]]
        made = document.write_pdf(
            stylesheets=sheets, font_config=fonts, pdf_variant=pdf.WITH_FILES, pdf_tags=True, attachments=files
        )
        drawn = time.perf_counter()
        sealing._sealed(made, key, "Bench")
        sealed = time.perf_counter()
        times.append((time.process_time() - used, drawn - began, sealed - drawn))
    return times


def house_loop(contents: list[dict]) -> list[tuple[float, float, float]]:
    """The same by the house's own drawing and sealing: from the frozen content to the bytes that are kept."""
    from competence.documents.certificate import certificate_pdf
    from delivery.documents import sealing
    from delivery.models import Document

    document = Document(number="INTYG-2026-00001", verification_code="7F3K-92QX-4DMW")
    key, times = sealing.sealing_key(), []
    for content in contents:
        began, used = time.perf_counter(), time.process_time()
        made = certificate_pdf(content=content, document=document)
        drawn = time.perf_counter()
        sealing.seal(made, key=key, reason="Bench")
        sealed = time.perf_counter()
        times.append((time.process_time() - used, drawn - began, sealed - drawn))
    return times


def bare(given: list[dict], processes: int, loop=bare_loop) -> tuple[float, float, float, float]:
    """Certificates a second in so many processes, the middle time of drawing and of sealing one, and the processor
    time of one, in ms."""
    parts = [given[number::processes] for number in range(processes)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(loop, [part[:1] for part in parts], chunksize=1)  # imports, fonts
        began = time.perf_counter()
        times = [each for part in pool.map(loop, parts, chunksize=1) for each in part]
        rate = len(given) / (time.perf_counter() - began)
    middle = len(times) // 2
    used = 1000 * sum(each[0] for each in times) / len(times)
    return rate, *(1000 * sorted(each[part] for each in times)[middle] for part in (1, 2)), used


def by_workers(count: int, processes: int) -> float:
    """Issue `count`, then let a worker with so many processes draw them."""
    from competence.certifying.services import RENDER, certificate_issue
    from delivery.models import Job

    ready = drafts(count)
    last = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for draft in ready:
        certificate_issue(placement=draft.placement, actor=draft.saved_by, seen=draft.revision)
    jobs = Job.objects.filter(kind=RENDER, pk__gt=last)
    with worker(processes):
        wait(lambda: not jobs.exclude(state="done").exists())
    # Each process imports the library with its first document; the clock starts when that is done.
    finished = sorted(jobs.values_list("finished_at", flat=True))[2 * processes - 1 :]
    return (len(finished) - 1) / (finished[-1] - finished[0]).total_seconds()


def by_round(count: int, processes: int) -> float:
    """Issue and draw `count` in one round, by a worker with so many processes that has drawn some before."""
    import datetime as dt

    from django.utils import timezone

    from accounts.models import User
    from competence.batches.services import KIND, candidates, round_start, seen_of_ready
    from competence.certifying.services import certificate_issue
    from delivery.models import Document, Job

    manager = User.objects.filter(memberships__role="manager", memberships__unit=None).first()
    waiting = Document.objects.filter(kind="certificate", made_at=None)
    warm = drafts(4 * processes)
    with worker(processes):
        for draft in warm:
            certificate_issue(placement=draft.placement, actor=draft.saved_by, seen=draft.revision)
        wait(lambda: not waiting.exists())
        drafts(count)
        used = processor_time()
        terms = {"unit": None, "start": dt.date(2000, 1, 1), "end": timezone.localdate()}
        batch = round_start(actor=manager, seen=seen_of_ready(candidates(manager, **terms)), **terms)
        job = Job.objects.get(kind=KIND, params__round=str(batch.public_id))
        wait(lambda: Job.objects.filter(pk=job.pk, state="done").exists() and not waiting.exists())
        used = processor_time() - used
    job.refresh_from_db()
    if job.result["refused"]:
        print(f"{job.result['refused']} were not issued")
    made = Document.objects.filter(certificate_version__batch_item__batch=batch).order_by("made_at").last().made_at
    issuing = (job.finished_at - job.started_at).total_seconds()
    each = 1000 * used / job.result["issued"]
    print(f"round of {job.result['issued']}: issued in {issuing:.1f} s; {each:.0f} ms of processor time each")
    return job.result["issued"] / (made - job.started_at).total_seconds()


def processor_time() -> float:
    """What the worker, the database and the broker of this bench have used so far, in seconds: it says something on a
    machine that others use too, where the clock does not."""
    folder, ticks, total = os.environ["JOBBSPAR_DATA"], os.sysconf("SC_CLK_TCK"), 0
    family: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            # Those of its own, and those of children that have ended.
            family[int(path.parent.name)] = (int(fields[1]), sum(int(each) for each in fields[11:15]))
    ours = {os.getpid()}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if folder.encode() in path.read_bytes():
                ours.add(int(path.parent.name))
    grown = True
    while grown:
        more = {pid for pid, (parent, _used) in family.items() if parent in ours} - ours
        ours |= more
        grown = bool(more)
    for pid in ours - {os.getpid()}:
        total += family.get(pid, (0, 0))[1]
    return total / ticks


@contextlib.contextmanager
def worker(processes: int):
    """A worker with so many processes, while the block runs."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", str(processes), "-l", "ERROR", "-B"]
    schedule = Path(os.environ["JOBBSPAR_DATA"]) / "bench-schedule"
    running = subprocess.Popen([*command, "--schedule", str(schedule)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


def wait(done) -> None:
    """Until it is done; a job that failed ends the bench."""
    from delivery.models import Job

    while not done():
        if failed := Job.objects.filter(state="failed").first():
            raise SystemExit(f"A job failed: {failed.error}")
        time.sleep(0.2)


def main() -> None:
    only_round = "--round" in sys.argv
    told = [each for each in sys.argv[1:] if each.isdigit()]
    count = int(told[0]) if told else 120
    # About every other participant of the demo has an ended placement.
    install(max(400, 3 * count if only_round else 8 * count))
    given, contents = pages(count)
    for processes in (2,) if only_round else (1, 2):
        floor = told_loop(f"WeasyPrint and pyHanko in {processes}", bare(given, processes))
        if not only_round:
            rate = by_workers(count, processes)
            print(f"worker with {processes} process(es)    {rate:5.1f} a second, {rate / floor:.2f} of that")
    loop = told_loop("drawing and sealing in 2", bare(contents, 2, house_loop))
    rate = by_round(count, 2)
    shares = f"{rate / loop:.2f} of drawing and sealing, {rate / floor:.2f} of the first"
    print(f"a round with 2 processes   {rate:5.1f} a second, {shares}")


def told_loop(name: str, measured: tuple[float, float, float, float]) -> float:
    rate, drawn, sealed, used = measured
    each = f"drawn {drawn:.0f} ms, sealed {sealed:.0f} ms; {used:.0f} ms of processor time each"
    print(f"{name} process(es)   {rate:5.1f} a second; {each}", flush=True)
    return rate


if __name__ == "__main__":
    main()
