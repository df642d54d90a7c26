"""How the processes of a run are known."""

TAG = "LOOPSCOPE_RUN"
"""Environment variable that marks every process of a run, so that none can hide from `labs.sdk.process.end_tagged`."""
