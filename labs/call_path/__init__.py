"""One hash through its layers: from the code a learner writes down to the library that computes."""
