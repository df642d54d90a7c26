"""The Redis key browser: the learners' keys, live, without changing what it looks at."""
