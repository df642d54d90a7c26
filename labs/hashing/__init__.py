"""A burst of hashes on a pool of threads."""
