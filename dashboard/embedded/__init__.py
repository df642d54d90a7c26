"""The servers that Loopscope brings along: Valkey and a MongoDB-protocol server, each a process of its own."""

from dashboard.embedded.mongodb import MongoDB
from dashboard.embedded.server import Server, ServerError
from dashboard.embedded.valkey import Valkey

__all__ = ["MongoDB", "Server", "ServerError", "Valkey"]
