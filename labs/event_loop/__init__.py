"""An event loop, turn by turn: what was pending, what it waited for, and which callback came when."""
