"""In which database does a table live? On SQLite the inbox has a file of its own; on PostgreSQL all is one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model

IN_INBOX = frozenset({"submission", "submissiontally"})


def inbox_database() -> str:
    return "inbox" if "inbox" in settings.DATABASES else "default"


def _apart(model: type[Model] | Model) -> bool:
    return model._meta.app_label == "intake" and model._meta.model_name in IN_INBOX


class InboxApart:
    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return inbox_database() if _apart(model) else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return _apart(one) == _apart(other)  # by the row itself: a request's user is a stand-in for one

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        apart = app_label == "intake" and model_name in IN_INBOX
        return db == (inbox_database() if apart else "default")
