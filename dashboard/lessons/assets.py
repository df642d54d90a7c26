"""Addresses of static files (with a hash of their content), the import map, and the security headers."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, current_app, g, request

VENDOR_MODULES = {
    "socket.io-client": "/vendor/socketio/socket.io.esm.min.js",
    "plotly": "/vendor/plotly/plotly-basic.min.js",
}
VENDOR_FOLDERS = {
    "plotly": "plotly.js-basic-dist-min",
    "socketio": "socket.io-client/dist",
    "inter": "@fontsource-variable/inter/files",
    "mono": "@fontsource-variable/jetbrains-mono/files",
}
IMPORT = re.compile(r"""^(?:import|export)\b[^"'();=]*["']([\w./-]+)["'];?\s*$""", re.MULTILINE)
STATIC = ("/static/", "/vendor/")
FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """Knows every static file by its address; hashes are remembered until a file changes."""

    def __init__(self, static: Path, vendor: Mapping[str, Path]) -> None:
        self.static = static
        self.vendor = dict(vendor)
        self._hashes: dict[Path, tuple[int, int, str]] = {}

    def url(self, address: str) -> str:
        """`/static/css/tokens.css` → `/static/css/tokens.css?v=1f3a…`; an unknown file stays as it is."""
        path = self._path(address)
        return f"{address}?v={self._hash(path)}" if path and path.is_file() else address

    def modules(self) -> dict[str, Path]:
        """Our JavaScript modules by their bare names: `models/run` → …/static/js/models/run.js."""
        root = self.static / "js"
        return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.js"))}

    def import_map(self) -> dict[str, dict[str, str]]:
        """What goes into `<script type="importmap">`: bare name → hashed address."""
        ours = {name: self.url(f"/static/js/{name}.js") for name in self.modules()}
        return {"imports": ours | {name: self.url(address) for name, address in VENDOR_MODULES.items()}}

    def preloads(self, *entries: str) -> list[str]:
        """Addresses of these modules and of every one that they import: the browser asks for all of them at once."""
        modules = self.modules()
        found: dict[str, None] = {}
        waiting = list(entries)
        while waiting:
            name = waiting.pop(0)
            if name in found or (name not in modules and name not in VENDOR_MODULES):
                continue
            found[name] = None
            if name in modules:
                waiting += IMPORT.findall(modules[name].read_text("utf-8"))
        return [self.url(VENDOR_MODULES.get(name, f"/static/js/{name}.js")) for name in found]

    def _path(self, address: str) -> Path | None:
        kind, _, rest = address.lstrip("/").partition("/")
        if ".." in rest.split("/"):
            return None
        if kind == "static":
            return self.static / rest
        short, _, name = rest.partition("/")
        return self.vendor[short] / name if kind == "vendor" and short in self.vendor else None

    def _hash(self, path: Path) -> str:
        stat = path.stat()
        known = self._hashes.get(path)
        if known is None or known[:2] != (stat.st_mtime_ns, stat.st_size):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
            known = self._hashes[path] = (stat.st_mtime_ns, stat.st_size, digest)
        return known[2]


def install(app: Flask) -> Assets:
    """Give the templates `asset()`, `import_map()`, `preloads()`, `csp_nonce()`, and every answer its headers."""
    folders = app.config.get("LOOPSCOPE_VENDOR") or {
        short: Path(app.root_path).parent / "node_modules" / folder for short, folder in VENDOR_FOLDERS.items()
    }
    assets = Assets(Path(app.static_folder or "static"), folders)
    app.extensions["loopscope_assets"] = assets
    app.jinja_env.globals.update(
        asset=assets.url, import_map=assets.import_map, preloads=assets.preloads, csp_nonce=csp_nonce
    )
    app.after_request(headers)
    return assets


def csp_nonce() -> str:
    """The word that allows the inline scripts of this one answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def headers(response: Response) -> Response:
    """Only our own scripts, fonts and connections; nobody may frame the page; hashed files are kept for ever."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if "v" in request.args and of_app().url(request.path) == request.full_path:
        response.headers["Cache-Control"] = FOR_EVER
    if request.path.startswith(STATIC):  # a page has a hundred of these: no header that says nothing
        return response
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    policy = {
        "default-src": "'self'",
        "script-src": f"'self'{nonce}",
        "style-src": "'self' 'unsafe-inline'",  # Plotly writes its own styles
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    response.headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items()))
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def of_app() -> Assets:
    """The assets of the running app."""
    found = current_app.extensions["loopscope_assets"]
    assert isinstance(found, Assets)
    return found
