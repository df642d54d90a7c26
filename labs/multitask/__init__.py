"""A request, a file in its four hops, and hashes: who waits behind whom."""
