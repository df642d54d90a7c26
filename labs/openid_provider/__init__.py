"""A small OpenID provider, so that signing in works without anybody's keys and without a network."""
