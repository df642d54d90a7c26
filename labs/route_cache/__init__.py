"""Caching by hand inside a route: what it gains, and its faults."""
