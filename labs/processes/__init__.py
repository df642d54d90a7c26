"""The lab "processes": a cluster of workers, and what its clients notice when something happens to one of them."""
