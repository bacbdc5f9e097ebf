"""A playbook is uploaded, read aloud, published and rolled back on its pages."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from leadwell import playbook
from leadwell.server.access.models import Organization
from leadwell.server.conftest import Clinic, browser
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.changes import Change, _change
from leadwell.server.playbooks.models import PlaybookVersion
from leadwell.server.playbooks.queries import version_in_force
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite writers take turns by themselves")
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_playbooks_that_are_uploaded_at_once_are_versions_in_turn(lakeside: Clinic) -> None:
    source, start = playbook.find("lakeside-orthopedics"), Barrier(3)

    def up(nth: int) -> int:
        start.wait()
        try:
            return upload(lakeside.organization, source + b"\n# %d" % nth).number
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(up, range(3))) == [2, 3, 4]


SOURCE = playbook.find("lakeside-orthopedics")


@pytest.fixture
def manager(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "manager")


def _upload(client: Client, source: bytes):
    return client.post("/playbook/upload", {"file": SimpleUploadedFile("p.toml", source)}, follow=True)


def test_a_version_is_uploaded_published_and_rolled_back(manager: Client, lakeside: Clinic) -> None:
    page = _upload(manager, SOURCE + b"\n# changed\n").content.decode()
    assert "Publish version 2" in page
    assert version_in_force(lakeside.organization).number == 1
    manager.post("/playbook/2/publish")
    assert version_in_force(lakeside.organization).number == 2
    assert "Roll back to version 1" in manager.get("/playbook/1").content.decode()
    assert "Version 1 is in force since" in manager.post("/playbook/1/publish", follow=True).content.decode()
    assert version_in_force(lakeside.organization).number == 1
    actions = list(TrailEntry.objects.order_by("number").values_list("action", "subject"))
    assert actions == [
        ("playbook.uploaded", "playbook/2"),
        ("playbook.published", "playbook/2"),
        ("playbook.published", "playbook/1"),
    ]


def test_every_problem_is_shown_with_line_and_column_and_nothing_is_kept(manager: Client) -> None:
    broken = SOURCE.replace(b"zip", b"zap", 2)
    answer = _upload(manager, broken)
    wrong = answer.context["page"].wrong
    page = answer.content.decode()
    assert answer.status_code == 400
    assert wrong
    for one in wrong:
        assert f"Line {one.line}, column {one.column}" in page
        assert one.text in broken.decode()
    assert PlaybookVersion.objects.count() == 1


@pytest.mark.parametrize("source", [b"\xff\xfe", b"not toml at all [", b"x" * 1_000_001])
def test_what_is_no_playbook_is_not_kept(manager: Client, source: bytes) -> None:
    assert _upload(manager, source).status_code == 400
    assert PlaybookVersion.objects.count() == 1


def test_the_same_file_is_the_same_version(manager: Client) -> None:
    answer = _upload(manager, SOURCE)
    assert answer.request["PATH_INFO"] == "/playbook/1"
    assert "This very file is version 1 already" in answer.content.decode()
    assert PlaybookVersion.objects.count() == 1
    assert not TrailEntry.objects.exists()


def test_before_it_is_published_it_says_what_would_change(manager: Client, lakeside: Clinic) -> None:
    answer = _upload(manager, SOURCE.replace(b"age >= 16", b"age >= 18"))
    assert Change("Criterion “age”: minimum age rises", "16", "18") in answer.context["page"].changes
    page = answer.content.decode()
    assert "<del>16</del> <ins>18</ins>" in page
    assert page.index("against version 1") < page.index("Publish version 2") < page.index("part-1")
    other = browser(lakeside.organization, "analyst").get("/playbook/2").content.decode()
    assert ("<ins>18</ins>" in other, "Publish version 2" in other) == (True, False)
    manager.post("/playbook/2/publish")
    assert "<del>18</del> <ins>16</ins>" in manager.get("/playbook/1").content.decode()
    assert "would change" not in manager.get("/playbook/2").content.decode()


def test_a_version_that_means_the_same_says_so(manager: Client) -> None:
    assert "Nothing would change in meaning" in _upload(manager, SOURCE + b"\n# a remark\n").content.decode()


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("Team “a”: added.", Change("Team “a”: added.")),
        ("Clinic “x”: name changes from “A to B” to “C”.", Change("Clinic “x”: name changes", "“A to B”", "“C”")),
        ("Wants within 3 days from now on.", Change("Wants within 3 days from now on.")),
    ],
)
def test_what_goes_from_something_to_something_is_struck_and_marked(sentence: str, change: Change) -> None:
    assert _change(sentence) == change


def test_it_is_read_aloud_and_downloaded_as_it_was_uploaded(manager: Client) -> None:
    page = manager.get("/playbook/1").content.decode()
    assert "We treat patients aged 16 and over." in page
    assert manager.get("/playbook/1/file").content == SOURCE


def test_without_one_in_force_it_says_what_that_means(lakeside: Clinic, manager: Client) -> None:
    PlaybookVersion.objects.get().publication_set.all().delete()
    assert "what comes in waits until one is published" in manager.get("/playbook").content.decode()


def test_an_organisations_clocks_stand_where_the_policy_in_force_says(lakeside: Clinic) -> None:
    denver = SOURCE.replace(b"America/Chicago", b"America/Denver")
    assert denver != SOURCE
    for source, zone in ((denver, "America/Denver"), (SOURCE, "America/Chicago")):
        publish(upload(lakeside.organization, source))
        assert Organization.objects.get(pk=lakeside.number).time_zone == zone
