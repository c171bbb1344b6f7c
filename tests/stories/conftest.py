"""The acceptance quarter without the person of a story, and what is asked of it when the story is played."""

from collections.abc import Callable

import pytest
from django.core.management import call_command

from accounts.models import MunicipalSetting, Role, Unit
from placements.following.municipal import FORMS
from tests.browser import listen
from tests.factories import UserFactory
from tests.register import UNIT, cases, write_register
from tests.stories.acts import Story


@pytest.fixture
def begun(page, live_server, clock, tmp_path, capsys) -> Callable[[str], Story]:
    """`begun("S1")`: all of the quarter is there but the person of that story, who is not known yet."""
    complaints = listen(page)

    def begin(key: str) -> Story:
        # The hand tally knows the follow-ups that the stories plan, and none that the product plans by itself.
        MunicipalSetting.objects.create(key=FORMS.key, value=[])
        write_register(tmp_path, without=key)
        call_command("load_register", str(tmp_path))
        capsys.readouterr()
        unit = Unit.objects.get(code=UNIT)
        coach = UserFactory(given_name="Maria", family_name="Lind", role=Role.JOB_COACH, unit=unit)
        manager = UserFactory(given_name="Karin", family_name="Öberg", role=Role.MANAGER)
        person = next(story["person"] for story in cases()["narratives"] if story["id"] == key)
        page.set_viewport_size({"width": 1280, "height": 900})
        return Story(
            page=page, address=live_server.url, clock=clock, coach=coach, manager=manager, name=person["name"],
            number=person["personnummer"],
        )  # fmt: skip

    yield begin
    assert not [said for said in complaints if "404" not in said]  # that a person is not there is an answer
