"""`make bench`: the figures that this project promises, measured on this machine in one run."""
