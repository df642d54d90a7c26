"""Requests wait in the operating system, reads and hashes on a thread."""
