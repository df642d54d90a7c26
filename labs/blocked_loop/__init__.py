"""A server whose event loop is kept busy by one of its requests."""
