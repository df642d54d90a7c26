"""The experiments. Nothing in here knows about the dashboard."""
