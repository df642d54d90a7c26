"""A load generator that is a process of its own: `Load` says what to send, `Generator` sends it and reports.

    loads = [Load("visitors", path="/fast", arrivals="open", rate=50, seconds=3, connections=20, each=True)]
    with Generator(port, loads) as generator:
        for report in generator.reports():
            ...

Nothing that the calling program or the server does can hold up its clock. `labs.load.generator` says what the reports
carry; `labs.load.program` is the process, which programs in other languages may start themselves.
"""

from labs.load.generator import Generator
from labs.load.load import Load

__all__ = ["Generator", "Load"]
