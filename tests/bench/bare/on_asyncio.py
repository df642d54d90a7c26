"""The work of labs/hashing/on_asyncio.py without any measuring but the total."""

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import pbkdf2_hmac

params = json.loads(sys.argv[1])
pool = ThreadPoolExecutor(params["pool"])


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


async def main() -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(pool, one_hash)
    begun = time.perf_counter()
    await asyncio.gather(*(loop.run_in_executor(pool, one_hash) for _ in range(params["tasks"])))
    print(json.dumps({"e": "sample", "series": "total seen by the loop", "value": time.perf_counter() - begun}))


asyncio.run(main())
