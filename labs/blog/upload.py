"""Writing a file into GridFS piece by piece.

The driver's own writer gathers 32 MB before it sends anything, for each upload. This one sends every chunk when it is
full, as the GridFS specification lays them out, so anybody's GridFS reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bson import Binary, ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

CHUNK = 255 * 1024
BATCH = 8
"""Chunks that are read back at once."""


class Upload:
    """One file on its way. It has no name until `close`; `abort` takes back what was written."""

    def __init__(self, database: Database[Any], bucket: str) -> None:
        self.id = ObjectId()
        self._files, self._chunks = database[f"{bucket}.files"], database[f"{bucket}.chunks"]
        make_index(self._chunks)
        self._rest = bytearray()
        self._n = 0
        self.length = 0

    def write(self, piece: bytes) -> None:
        """Send what fills a chunk; keep less than one."""
        self._rest += piece
        self.length += len(piece)
        while len(self._rest) >= CHUNK:
            self._send(bytes(self._rest[:CHUNK]))
            del self._rest[:CHUNK]

    def written(self) -> Iterator[bytes]:
        """All of it, read back. Nothing can be written any more."""
        self._send_rest()
        with self._chunks.find({"files_id": self.id}, {"data": 1}, batch_size=BATCH).sort("n") as found:
            for chunk in found:
                yield bytes(chunk["data"])

    def close(self) -> None:
        """Send the last chunk and the file's own entry: from now on it is there."""
        self._send_rest()
        self._files.insert_one({
            "_id": self.id, "length": self.length, "chunkSize": CHUNK, "uploadDate": datetime.now(UTC),
            "filename": "picture",
        })  # fmt: skip

    def abort(self) -> None:
        """Nothing of it stays."""
        self._files.delete_one({"_id": self.id})  # an entry whose receipt was lost
        self._chunks.delete_many({"files_id": self.id})

    def _send_rest(self) -> None:
        if self._rest:
            self._send(bytes(self._rest))
            self._rest.clear()

    def _send(self, data: bytes) -> None:
        self._chunks.insert_one({"files_id": self.id, "n": self._n, "data": Binary(data)})
        self._n += 1


def make_index(chunks: Collection[Any]) -> None:
    """The index by which a file's chunks are found. It costs one command when it is there."""
    chunks.create_index([("files_id", 1), ("n", 1)], unique=True)
