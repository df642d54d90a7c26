"""Counting on the loop, and beside it: in threads, processes and interpreters."""
