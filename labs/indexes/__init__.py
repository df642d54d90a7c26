"""Look-ups in growing collections, with and without an index, and what an index costs on writes."""
