"""The blog: the specimen app of the course, a Flask application of its own."""
