"""The collections: made once for each size, kept for the next run, and never changed while they are kept."""

from __future__ import annotations

import random
from typing import Any

from pymongo.errors import OperationFailure

from labs.sdk.own_place import collection

BATCH = 2000
SEED = 7
FIELDS = tuple(f"field{n}" for n in range(8))
"""What can be indexed on writes, one field an index."""

LAB = "idx"
"""The lab's short name: what its runs make for themselves lies under it. Kept collections lie under another one."""


def document(number: int, title: int) -> dict[str, Any]:
    """A post: its number is its `_id`, its title is that of another place in a shuffled row."""
    return {"_id": number, "title": title_of(title), "content": "words " * 20, "likes": number % 97}


def title_of(number: int) -> str:
    """The title with this number."""
    return f"Post {number:07d}"


def grown(database: Any, documents: int, *, indexed: bool) -> Any:
    """The kept collection of so many documents, with an index on the title or without.

    It is made whole under a name of the run's own and then renamed, so nobody ever sees half of it, and no run
    touches what another one measures. Where the name is taken by something that is not whole, the run's own
    collection is used, and goes with the run.
    """
    kept = database[f"kept_posts_{documents}{'_title' if indexed else ''}"]
    if _whole(kept, documents, indexed=indexed):
        return kept
    own = database[collection(LAB, "posts")]
    fill(own, documents)
    if indexed:
        own.create_index("title")
    try:
        own.rename(kept.name)
    except OperationFailure:  # another run was first, or this server does not let us
        return kept if _whole(kept, documents, indexed=indexed) else own
    return kept


def fill(posts: Any, documents: int) -> None:
    """Write so many posts into an empty collection."""
    titles = list(range(documents))
    random.Random(SEED).shuffle(titles)
    for first in range(0, documents, BATCH):
        numbers = range(first, min(first + BATCH, documents))
        posts.insert_many([document(number, titles[number]) for number in numbers])


def wanted(documents: int, count: int, repeat: int) -> list[int]:
    """Numbers to look up: spread at random, other ones in each repeat, the same for every way."""
    return random.Random(1000 * SEED + repeat).sample(range(documents), min(count, documents))


def all_with(posts: Any, key: dict[str, Any]) -> list[dict[str, Any]]:
    """All posts with this key, as the explained plan finds them. `find_one` would stop at the first one."""
    return list(posts.find(key))


def _whole(posts: Any, documents: int, *, indexed: bool) -> bool:
    """Whether it is there, to its last document, with the index that it is for."""
    if posts.find_one({"_id": documents - 1}) is None:
        return False
    return not indexed or "title_1" in posts.index_information()
