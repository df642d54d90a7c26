"""The work of labs/hashing/on_gevent.py without any measuring but the total."""

import json
import sys
import time
from hashlib import pbkdf2_hmac

import gevent
from gevent.threadpool import ThreadPool

params = json.loads(sys.argv[1])
pool = ThreadPool(params["pool"])


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


pool.apply(one_hash)
begun = time.perf_counter()
gevent.joinall([gevent.spawn(pool.apply, one_hash) for _ in range(params["tasks"])])
print(json.dumps({"e": "sample", "series": "total seen by the loop", "value": time.perf_counter() - begun}))
