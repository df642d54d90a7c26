"""A visitor who is a program: signs in, writes, sends a picture, reads everything back, signs out."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import mongoengine
from PIL import Image

from labs.blog import models
from labs.blog.client import Client
from labs.blog.pictures import bucket_name
from labs.blog.upload import make_index
from labs.sdk import servers
from labs.sdk.own_place import collection, own_place
from labs.sdk.together import start_together
from labs.sdk.wsgi import served

AGAIN = 4
SHORT = "tour"
"""Before the run in the names of its collections."""

SERVED = Path(__file__).with_name("served.py")
params, emit = start_together()


def picture(kilobytes: int) -> bytes:
    """Noise cannot be made smaller, so this PNG has about the size that was asked for."""
    side = max(1, round((kilobytes * 1000 / 3) ** 0.5))
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


def visit(client: Client, name: str) -> None:
    """The same way each time."""
    client.get("/")
    client.get("/api/current_user")
    client.sign_in(name)
    client.get("/api/current_user")
    for n in range(params["posts"]):
        client.post("/api/blogs", {"title": f"Post {n + 1}", "content": "Written by the tour. " * 20})
    image = client.ask("POST", "/api/images", picture(params["picture"]), "image/png", 201).json["id"]
    client.post("/api/blogs", {"title": "With a picture", "content": "Look.", "image": image})
    listed = client.get("/api/blogs").json
    client.get(f"/api/blogs/{listed[0]['id']}")
    client.get(f"/api/images/{image}")
    for _ in range(AGAIN):
        client.get("/api/blogs")
    client.ask("POST", "/auth/logout", b"", expect=303)


def main() -> None:
    """One tour on collections of its own, and nothing of it stays, however it ends."""
    own = collection(SHORT, "")
    with own_place(SHORT):
        models.connect(servers.url("mongodb"), prefix=own)
        models.make_indexes()  # as on a blog that has been in use
        make_index(mongoengine.get_db(models.ALIAS)[f"{bucket_name()}.chunks"])
        with served(SERVED, {"collections": own}) as (host, port), Client(host, port) as client:
            visit(client, "Tour")
        mongoengine.disconnect(models.ALIAS)


emit.host(blog="a process of its own", pid_of_tour=os.getpid())
main()
emit.close()
