"""One port, n workers: who serves whom, and what more workers are worth."""
