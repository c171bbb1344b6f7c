"""An assessment in real browsers: filled in and signed on the smallest phone without a script; begun, filled in,
corrected and drawn by the coach."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from competence.assessing.links import assessment_link_send
from competence.assessing.own_view import own_view_save
from competence.models import Assessment, AssessmentLink
from tests.browser import both_widths, check, listen, sign_in
from tests.competence.assessing.conftest import send, supervised
from tests.competence.assessments import begun_assessment, signed_assessment
from tests.factories import days_ago

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]
PHONE = 360


@pytest.fixture
def on_a_phone(browser, live_server):
    contexts = []

    def open_page(path, *, script=True):
        size = {"width": PHONE, "height": 740}
        contexts.append(browser.new_context(java_script_enabled=script, viewport=size, locale="sv-SE"))
        page = contexts[-1].new_page()
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_supervisor_fills_it_in_and_signs_without_a_script(on_a_phone, cast):
    sent = send(supervised(cast.asa), cast.coach)
    page = on_a_phone(sent.page(), script=False)
    page.get_by_role("link", name="Börja, ett i taget").click()
    page.get_by_label("Med visst stöd").check()
    expect(page.get_by_role("group", name="Hur vet du det?")).to_be_visible()
    page.get_by_role("button", name="Spara och gå vidare").click()
    expect(page.get_by_role("alert")).to_contain_text("Nivån är sparad")
    page.get_by_label("Jag har sett det").check()
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_label("Inte prövat").check()
    expect(page.get_by_role("group", name="Hur vet du det?")).to_be_hidden()
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_label("Med handledning").check()
    page.get_by_role("button", name="Spara och sluta").click()
    expect(page.get_by_text("3 av 35 är ifyllda")).to_be_visible()
    page.get_by_role("link", name="Praktiskt kunnande: Kök och måltid").click()
    page.get_by_role("group", name="Följer rutiner för hygien").get_by_label("Självständigt", exact=True).check()
    page.get_by_role("group", name="Följer rutiner för hygien").get_by_label("Arbetsprov").check()
    page.get_by_role("button", name="Spara och gå vidare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta igenom och signera")
    page.get_by_role("button", name="Signera kompetensunderlaget").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack! Kompetensunderlaget är signerat.")
    assert Assessment.objects.get().signed_by_name == "Lena Holm"


def test_every_page_of_the_supervisors_can_be_read_and_tapped(on_a_phone, cast):
    sent = send(supervised(cast.asa, area=None), cast.coach)
    begun_assessment(sent.assessment.placement, levels={"SPRAK-01": 3, "SOCIALA-01": 1})
    page = on_a_phone(sent.page())
    check(page, "assess-first")
    for name, args in (
        ("by_link_statement", ("SPRAK-01",)),
        ("by_link_module", ("PRAKTISKT",)),
        ("by_link_area", ()),
        ("by_link_finish", ()),
    ):
        page = on_a_phone(sent.page(name, *args))
        check(page, f"assess-{name}")
        for target in page.locator("main :is(.choices label, button, textarea, .ways a)").all():
            if target.is_visible():
                assert target.bounding_box()["height"] >= 44, name
    page = on_a_phone(sent.page("by_link_statement", "SPRAK-02") + "?sprak=en")
    page.get_by_label("With some support").check()
    page.get_by_role("button", name="Save and go on").click()
    check(page, "assess-lacks-english")
    signed_assessment(sent.assessment.placement, levels={"SPRAK-01": 3, "SPRAK-02": 1})
    AssessmentLink.objects.update(valid_until=days_ago(1))
    check(on_a_phone(sent.page()), "assess-expired")


@both_widths
def test_a_coach_begins_fills_in_and_sends_it(page, live_server, cast, width):
    placement = supervised(cast.asa)
    complaints = listen(page)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("participants:part", args=[cast.person.public_id, "kompetens"]))
    check(page, "assess-part-empty")
    page.get_by_role("button", name="Börja").first.click()
    row = page.get_by_role("group", name="Förstår muntliga instruktioner")
    row.get_by_label("Med visst stöd").check()
    expect(page.get_by_text("1 saknar vad som visar det.")).to_be_visible()
    row.get_by_label("Samtal om arbetet").check()
    expect(page.get_by_text("1 av 35 är ifyllda. ")).to_be_visible()
    row.get_by_label("Anteckning").fill("Efter en vecka.")
    expect(page.get_by_text("Sparat ")).to_be_visible()
    check(page, "assess-write")
    page.get_by_role("button", name="Spara och gå igenom").click()
    expect(page.get_by_text("Efter en vecka.")).to_be_visible()
    check(page, "assess-draft")
    page.get_by_role("button", name="Skicka länken").click()
    expect(page.get_by_text("Länken gäller till")).to_be_visible()
    page.get_by_role("button", name="Markera som klart").click()
    page.get_by_role("link", name="Underskrivet på papper").click()
    check(page, "assess-sign")
    page.get_by_role("button", name="Spara underskriften").click()
    page.get_by_role("button", name="Markera som granskat").click()
    check(page, "assess-reviewed")
    page.get_by_role("link", name="Skriv ner deltagarens syn").click()
    page.get_by_label("Ja", exact=True).check()
    check(page, "assess-own-view")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Rätta kompetensunderlaget").click()
    page.get_by_label("Varför rättas det?").fill("Fel nivå.")
    check(page, "assess-correct")
    page.get_by_role("button", name="Börja rätta").click()
    expect(page.get_by_text("Version 2, en rättelse: Fel nivå.")).to_be_visible()
    assert placement.assessments.count() == 2
    assert not complaints


@both_widths
def test_how_things_have_moved_is_drawn_and_levels_of_language_are_graded(page, live_server, cast, width):
    placement = supervised(cast.asa)
    start = {"SPRAK-01": 1, "SPRAK-02": 2, "KOK-01": 1, "KOK-02": 0, "SOCIALA-01": 2, "ALLMANNA-01": 3}
    signed_assessment(placement, "start", start)
    signed_assessment(placement, "mid", start | {"SPRAK-01": 2, "KOK-01": 2, "KOK-02": 1})
    final = signed_assessment(placement, "final", dict.fromkeys(start, 3) | {"KOK-01": 4}, reviewed=True)
    said = {"levels": {"KOK-01": 3}, "agrees": True, "comment": "Det stämmer.", "said_on": days_ago(0)}
    own_view_save(assessment=final, facts=said, seen=0, actor=cast.coach)
    assessment_link_send(assessment=begun_assessment(supervised(cast.asa)), actor=cast.coach, seen=None)
    complaints = listen(page)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("assessing:progress", args=[cast.person.public_id, placement.pk]))
    check(page, "assess-progress")
    page.goto(live_server.url + reverse("assessing:grade", args=[cast.person.public_id]))
    page.get_by_label("Läsa").select_option("B1")
    page.get_by_label("Test", exact=True).check()
    check(page, "assess-grade")
    page.get_by_role("button", name="Spara").click()
    check(page, "assess-part")
    page.goto(live_server.url + reverse("participants:file", args=[cast.person.public_id]))
    check(page, "assess-file")
    assert not complaints
