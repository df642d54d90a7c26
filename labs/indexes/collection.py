"""The collections: made once for each size, and kept for the next run."""

from __future__ import annotations

import random
from typing import Any

BATCH = 2000
SEED = 7
FIELDS = tuple(f"field{n}" for n in range(8))
"""What can be indexed on writes, one field an index."""


def document(number: int, title: int) -> dict[str, Any]:
    """A post: its number is its `_id`, its title is that of another place in a shuffled row."""
    return {"_id": number, "title": title_of(title), "content": "words " * 20, "likes": number % 97}


def title_of(number: int) -> str:
    """The title with this number."""
    return f"Post {number:07d}"


def grown(database: Any, documents: int, *, indexed: bool) -> Any:
    """The collection of so many documents, with an index on the title or without."""
    collection = database[f"idx_{documents}{'_title' if indexed else ''}"]
    if collection.estimated_document_count() != documents:
        collection.drop()
        titles = list(range(documents))
        random.Random(SEED).shuffle(titles)
        for first in range(0, documents, BATCH):
            numbers = range(first, min(first + BATCH, documents))
            collection.insert_many([document(number, titles[number]) for number in numbers])
    if indexed:
        collection.create_index("title")
    return collection


def wanted(documents: int, count: int, repeat: int) -> list[int]:
    """Numbers to look up: spread at random, other ones in each repeat, the same for every way."""
    return random.Random(1000 * SEED + repeat).sample(range(documents), min(count, documents))
