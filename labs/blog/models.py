"""What the blog keeps: people, their posts, their pictures."""

from __future__ import annotations

from datetime import UTC, datetime

import mongoengine as me
from pymongo.monitoring import CommandListener

from labs.querycache import CachedQuerySet

ALIAS = "lab"
DATABASE = "lab"
"""The learners' database: nothing that runs the product lives here."""

LONGEST_TITLE = 200
LONGEST_CONTENT = 20_000


def connect(url: str, *listeners: CommandListener, prefix: str = "") -> None:
    """Connect lazily to the learners' database of this server; `listeners` hear of every command.

    With `prefix` all collections are others: their names begin with it.
    """
    me.disconnect(ALIAS)
    for document, name in COLLECTIONS.items():  # MongoEngine finds them by name, and another lab has a User too
        document._disconnect()
        document._meta["collection"] = prefix + name
    me.connect(
        DATABASE, alias=ALIAS, host=url, tz_aware=True, uuidRepresentation="standard",
        serverSelectionTimeoutMS=5000, event_listeners=list(listeners),
    )  # fmt: skip


def make_indexes() -> None:
    """Now, and not at the first use of each collection."""
    for document in COLLECTIONS:
        document.ensure_indexes()


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)  # as finely as MongoDB keeps it


class User(me.Document):
    """Somebody who has signed in: `subject` is who they are to `provider` ("google" or "practice")."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS, "collection": "users", "queryset_class": CachedQuerySet,
        "indexes": [{"fields": ["provider", "subject"], "unique": True}],
    }  # fmt: skip
    provider = me.StringField(required=True)
    subject = me.StringField(required=True)
    name = me.StringField(required=True)
    email = me.StringField()


class Image(me.Document):
    """A picture whose content was checked. `key` finds it in `store`: "gridfs", or "s3" for the object storage."""

    meta = {"db_alias": ALIAS, "collection": "images", "indexes": ["owner", "key"]}  # noqa: RUF012
    owner = me.ObjectIdField(required=True)
    store = me.StringField(required=True)
    key = me.StringField(required=True)
    type = me.StringField(required=True)
    width = me.IntField(required=True)
    height = me.IntField(required=True)
    size = me.IntField(required=True)


class Blog(me.Document):
    """A post. Only its author may see it."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS, "collection": "blogs", "queryset_class": CachedQuerySet, "indexes": [("author", "-created")],
    }  # fmt: skip
    author = me.ObjectIdField(required=True)
    title = me.StringField(required=True, max_length=LONGEST_TITLE)
    content = me.StringField(required=True, max_length=LONGEST_CONTENT)
    image = me.ObjectIdField()
    created = me.DateTimeField(required=True, default=_now)


COLLECTIONS: dict[type[me.Document], str] = {User: "users", Image: "images", Blog: "blogs"}
