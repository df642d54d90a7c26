"""Runs of labs: start, queue, carry their events, keep them, end them."""
