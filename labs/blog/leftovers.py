"""What killed web processes left of pictures in GridFS: pieces without a file, files that no picture names.

Whoever ends an upload in an orderly way takes back what was written. After a kill nobody does, and the pieces cannot be
told from those of an upload that is under way, but by their age.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import islice

from bson import ObjectId
from mongoengine.connection import get_db

from labs.blog import models
from labs.blog.pictures import bucket_name

AGE = timedelta(hours=1)
"""Older than any upload that may still end well (`arriving.MOST_SECONDS`, and the decoder)."""

BATCH = 500


class Leftovers:
    """Takes them away: at the first upload to this process, then at most once an hour."""

    def __init__(self) -> None:
        self._due = 0.0

    def sweep_if_due(self) -> None:
        """Before an upload. Of two processes that do so at the same time, each takes what it finds."""
        now = time.monotonic()
        if now >= self._due:
            self._due = now + AGE.total_seconds()
            sweep()


def sweep() -> None:
    """Delete every piece and every file that is old enough and belongs to no picture."""
    database = get_db(models.ALIAS)
    files, chunks = database[f"{bucket_name()}.files"], database[f"{bucket_name()}.chunks"]
    old = ObjectId.from_datetime(datetime.now(UTC) - AGE)
    begun = iter(chunks.find({"files_id": {"$lt": old}, "n": 0}, {"files_id": 1}))
    nobodys: list[ObjectId] = []
    while batch := [chunk["files_id"] for chunk in islice(begun, BATCH)]:
        named = set(models.Image.objects(store="gridfs", key__in=list(map(str, batch))).scalar("key"))
        nobodys += [id for id in batch if str(id) not in named]
    for id in nobodys:
        files.delete_one({"_id": id})
        chunks.delete_many({"files_id": id})
