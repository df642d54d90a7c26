"""What a learner reads and sees: lab pages, guides, source listings, and the assets they load."""
