"""Saved filters: saved, opened, renamed, thrown away. Never wider than the scope, never with what was searched."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Membership
from accounts.services import setting_change
from participants.listing.services import MOST, saved_filter_change, saved_filter_create, saved_filter_delete
from participants.models import SavedFilter
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.listing.pages import LIST, count, names

NEW, OWN = reverse("participants:saved_new"), reverse("participants:saved_list")


@pytest.fixture
def acts(client):
    """Acts as a user: `acts(user).post(address, data)`."""

    def act(user):
        client.force_login(user)
        return client

    return act


def saved(user, name="Utan kontakt", **choices) -> SavedFilter:
    """A filter that the user has saved; its address has the choices in the order of their names."""
    choices = {key: value if isinstance(value, list) else [value] for key, value in choices.items()}
    return SavedFilter.objects.create(user=user, name=name, choices=choices)


def page(name: str, each: SavedFilter) -> str:
    return reverse(f"participants:saved_{name}", args=[each.public_id])


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# --- Saving -------------------------------------------------------------------------------------------------------


def test_what_is_shown_is_saved_under_a_name_and_opened_as_it_was(cast, acts, listed):
    query = f"show=all&status=active&coach={cast.colleague.public_id}&flag=no_contact&sort=-start"
    html = listed(cast.coach, show="all", status="active").content.decode()
    assert f'href="{NEW}?show=all&amp;status=active"' in html
    client = acts(cast.coach)
    form = client.get(f"{NEW}?{query}").content.decode()
    for words in ("Min enhet", "Status: Inskriven", "Jobbcoach: Bo Berg", "Ingen kontakt på länge", "fallande"):
        assert words in form
    assert client.post(f"{NEW}?{query}", {"name": "  Bos   tysta "}).url == f"{LIST}?{query}"
    each = SavedFilter.objects.get(user=cast.coach, name="Bos tysta")
    assert each.choices == {
        "show": ["all"], "status": ["active"], "coach": [str(cast.colleague.public_id)], "flag": ["no_contact"],
        "sort": ["-start"],
    }  # fmt: skip
    address = client.get(page("open", each)).url
    assert names(client.get(address)) == ["Bertil Bodin"]
    assert f'href="{page("open", each)}" aria-current="true">Bos tysta</a>' in client.get(address).content.decode()
    assert NEW not in client.get(address).content.decode()  # it is saved already


def test_names_and_numbers_are_never_saved(cast, acts):
    client = acts(cast.coach)
    assert "sparas inte" in client.get(f"{NEW}?show=all&q=bertil&page=2").content.decode()
    client.post(f"{NEW}?show=all&q=bertil&status=active&page=2", {"name": "Inskrivna"})
    assert SavedFilter.objects.get().choices == {"show": ["all"], "status": ["active"]}


def test_sent_twice_it_is_saved_once(cast, acts):
    for _ in range(2):
        assert acts(cast.coach).post(f"{NEW}?show=all", {"name": "Alla"}).status_code == 302
    assert SavedFilter.objects.count() == 1


def test_a_name_that_is_taken_is_replaced_only_when_that_is_wanted(cast, acts):
    saved(cast.coach, "Inskrivna", status="closed")
    saved(cast.outsider, "Inskrivna", status="closed")  # another's names are nobody's business
    client, address = acts(cast.coach), f"{NEW}?show=all&status=active"
    refused = client.post(address, {"name": "inskrivna"})
    assert refused.status_code == 422
    assert "Ersätt filtret som heter så" in refused.content.decode()
    assert SavedFilter.objects.get(user=cast.coach).choices == {"status": ["closed"]}
    assert client.post(address, {"name": "Inskrivna", "replaces": "on"}).status_code == 302
    assert SavedFilter.objects.get(user=cast.coach).choices == {"show": ["all"], "status": ["active"]}
    assert SavedFilter.objects.get(user=cast.outsider).choices == {"status": ["closed"]}


def test_a_filter_that_is_replaced_stays_the_one_the_list_begins_with(cast, acts):
    each = saved(cast.coach, "Inskrivna", show="all", status="closed")
    SavedFilter.objects.update(is_default=True)
    client = acts(cast.coach)
    client.post(f"{NEW}?show=all&status=active", {"name": "Inskrivna", "replaces": "on"})
    assert client.get(LIST).url == f"{LIST}?show=all&status=active"
    client.post(f"{NEW}?show=all&status=active", {"name": "Inskrivna"})  # sent for the second time
    each.refresh_from_db()
    assert each.is_default


def test_of_a_choice_that_stands_twice_in_the_address_the_last_one_is_meant(cast, acts, listed):
    query = "show=all&status=gone&status=active"
    assert names(acts(cast.coach).get(f"{LIST}?{query}")) == ["Bertil Bodin", "Åsa Öhrström"]
    html = acts(cast.coach).get(f"{NEW}?{query}").content.decode()
    assert "Status: Inskriven" in html
    acts(cast.coach).post(f"{NEW}?{query}", {"name": "Inskrivna"})
    assert SavedFilter.objects.get().choices == {"show": ["all"], "status": ["active"]}


def test_a_filter_that_was_replaced_or_thrown_away_meanwhile_is_not_put_back(cast):
    each = saved(cast.coach, "Tysta", status="closed")
    read = SavedFilter.objects.get()
    choices = {"status": ["active"]}
    saved_filter_create(user=cast.coach, name="Tysta", choices=choices, is_default=False, replaces=True)
    saved_filter_change(saved=read, name="Längst tysta", is_default=True)
    each.refresh_from_db()
    assert (each.name, each.choices, each.is_default) == ("Längst tysta", choices, True)
    saved_filter_delete(saved=each)
    with pytest.raises(SavedFilter.DoesNotExist):
        saved_filter_change(saved=read, name="Tysta", is_default=False)
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_how_many(cast, acts):
    for number in range(MOST):
        saved(cast.coach, f"Nr {number}")
    response = acts(cast.coach).post(f"{NEW}?show=all", {"name": "Ett till"})
    assert response.status_code == 422
    assert "Du har redan 20 sparade filter" in response.content.decode()
    assert "Ett till" in response.content.decode()  # what was typed stays


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_filter_has_a_name(cast, acts, name):
    assert acts(cast.coach).post(f"{NEW}?show=all", {"name": name}).status_code == 422
    assert not SavedFilter.objects.exists()


# --- Opening ------------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_one_that_is_shown_first(cast, acts):
    first, second = saved(cast.coach, "A", show="all"), saved(cast.coach, "B", show="all", status="closed")
    client = acts(cast.coach)
    for each in (first, second):
        assert client.post(page("change", each), {"name": each.name, "is_default": "on"}).url == OWN
    assert [each.is_default for each in SavedFilter.objects.order_by("name")] == [False, True]
    assert client.get(LIST).url == f"{LIST}?show=all&status=closed"
    assert client.get(LIST, {"show": "mine"}).status_code == 200  # any address means what it says
    client.post(page("change", second), {"name": "B"})
    assert client.get(LIST).status_code == 200


def test_a_coach_who_left_and_a_unit_out_of_scope_are_dropped_and_told_but_not_named(cast, acts):
    both = Membership.objects.create(user=cast.coach, role="job_coach", unit=cast.norr)
    each = saved(cast.coach, "Norr", show="all", unit="NORR", coach=str(cast.outsider.public_id), status="active")
    client = acts(cast.coach)
    assert names(client.get(client.get(page("open", each)).url)) == ["Ciwan Celik"]
    both.delete()
    response = client.get(page("open", each))
    assert response.url == f"{LIST}?show=all&status=active"
    assert "enhet, jobbcoach" in told(response)
    assert names(client.get(response.url)) == ["Bertil Bodin", "Åsa Öhrström"]  # never wider than the scope
    for html in (told(response), client.get(OWN).content.decode()):
        assert "Cecilia" not in html
        assert "Jobbcenter Norr" not in html
    assert "Finns inte kvar för dig: enhet, jobbcoach" in client.get(OWN).content.decode()
    assert SavedFilter.objects.get().choices["unit"] == ["NORR"]  # looking changes nothing


def test_one_flag_that_is_gone_does_not_take_the_others_along(cast, acts):
    each = saved(cast.coach, show="all", flag=["no_contact", "gone"], unheard="x", sort="gone")
    response = acts(cast.coach).get(page("open", each))
    assert response.url == f"{LIST}?flag=no_contact&show=all"
    for words in ("flagga", "ordning", "ett filter som inte finns kvar"):
        assert words in told(response)


def test_a_filter_that_the_municipality_takes_away_is_told_by_its_name(cast, acts):
    each = saved(cast.coach, show="all", target_group="other")
    setting_change(key="filters_left_out", value=["target_group"])
    response = acts(cast.coach).get(page("open", each))
    assert response.url == f"{LIST}?show=all"
    assert "målgrupp" in told(response)


def test_a_coach_who_became_manager_has_no_list_of_their_own_any_more(cast, acts):
    each = saved(cast.coach, show="mine", sort="activity")
    Membership.objects.filter(user=cast.coach).update(role="manager")
    response = acts(cast.coach).get(page("open", each))
    assert response.url == f"{LIST}?show=all&sort=activity"
    assert "lista" in told(response)


def test_a_filter_asks_anew_each_time(cast, acts):
    each = saved(cast.coach, show="all", status="closed")
    client = acts(cast.coach)
    assert count(client.get(client.get(page("open", each)).url)) == 0
    EnrolmentFactory(unit=cast.centrum, start=days_ago(90), end=days_ago(1), closure_reason="other")
    assert count(client.get(client.get(page("open", each)).url)) == 1


def test_one_s_filters_cost_as_many_queries_for_twenty_as_for_two(cast, acts, django_assert_max_num_queries):
    client, used = acts(cast.coach), []
    for number in range(20):
        saved(cast.coach, f"Nr {number}", show="all", coach=str(cast.colleague.public_id), flag="gone")
        if number in (1, 19):
            with django_assert_max_num_queries(15) as queries:
                client.get(OWN)
            used.append(len(queries))
    assert used[0] == used[1]


# --- Keeping order ------------------------------------------------------------------------------------------------


def test_it_is_renamed_but_not_to_a_name_that_is_taken(cast, acts):
    each = saved(cast.coach, "Tysta")
    saved(cast.coach, "Alla")
    client = acts(cast.coach)
    refused = client.post(page("change", each), {"name": "ALLA"})
    assert refused.status_code == 422
    assert "Du har ett annat filter med det namnet." in refused.content.decode()
    assert client.post(page("change", each), {"name": "Längst tysta"}).status_code == 302
    assert SavedFilter.objects.get(pk=each.pk).name == "Längst tysta"


def test_it_is_thrown_away_after_a_question(cast, acts):
    each = saved(cast.coach)
    client = acts(cast.coach)
    assert "Kasta ”Utan kontakt”?" in client.get(page("delete", each)).content.decode()
    assert SavedFilter.objects.exists()
    assert client.post(page("delete", each)).url == OWN
    assert not SavedFilter.objects.exists()
    assert "Du har inte sparat något filter än" in client.get(OWN).content.decode()


@pytest.mark.parametrize("what", ["open", "change", "delete"])
def test_anothers_filter_does_not_exist(cast, acts, what):
    each = saved(cast.colleague, "Bos eget")
    assert acts(cast.coach).get(page(what, each)).status_code == 404
    assert "Bos eget" not in acts(cast.coach).get(OWN).content.decode()
    assert "Bos eget" not in acts(cast.coach).get(LIST).content.decode()


def test_typing_changes_the_saved_filters_beside_the_list(cast, listed):
    saved(cast.coach, "Slutade", show="all", status="closed")
    html = listed(cast.coach, headers={"HX-Request": "true"}, show="all", status="closed").content.decode()
    assert 'hx-swap-oob="innerHTML:#saved">' in html
    assert 'aria-current="true">Slutade' in html
