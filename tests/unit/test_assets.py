"""Addresses of static files, and what a page fetches ahead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, Response

from dashboard.lessons import assets


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    js = tmp_path / "static" / "js"
    (js / "models").mkdir(parents=True)
    (js / "entry.js").write_text(
        'import { a } from "models/a"\nimport { io } from "socket.io-client"\n'
        'const late = () => import("models/late")\n'
    )
    (js / "models" / "a.js").write_text(
        'import {\n  b,\n} from "models/b"\nexport * from "models/a"\nconst x = "models/not"\n'
    )
    (js / "models" / "b.js").write_text("export const b = 1\n")
    (js / "models" / "late.js").write_text("export const late = 1\n")
    (js / "models" / "not.js").write_text("export const not = 1\n")
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    (vendor / "socket.io.esm.min.js").write_text("export const io = 1\n")
    app = Flask("demo", static_folder=str(tmp_path / "static"), root_path=str(tmp_path))
    app.config["LOOPSCOPE_VENDOR"] = {"socketio": vendor, "plotly": vendor}
    assets.install(app)
    app.add_url_rule("/page", "page", lambda: f"<p>{assets.csp_nonce()}</p>")
    app.add_url_rule("/data", "data", lambda: Response("{}", mimetype="application/json"))
    return app


@pytest.fixture
def found(app: Flask) -> assets.Assets:
    with app.app_context():
        return assets.of_app()


class TestAssets:
    def test_an_address_changes_with_the_content_only(self, found: assets.Assets) -> None:
        first = found.url("/static/js/entry.js")
        assert re.fullmatch(r"/static/js/entry\.js\?v=[0-9a-f]{10}", first)
        assert found.url("/static/js/entry.js") == first
        (found.static / "js" / "entry.js").write_text("export const other = 12345\n")
        assert found.url("/static/js/entry.js") != first

    @pytest.mark.parametrize(
        "address",
        [
            "/static/js/none.js",
            "/static/../static/js/entry.js",
            "/vendor/none/x.js",
            "/vendor/plotly/none.js",
            "/elsewhere",
            "",
        ],
    )
    def test_an_unknown_address_stays_as_it_is(self, found: assets.Assets, address: str) -> None:
        assert found.url(address) == address

    def test_the_import_map_names_every_module(self, found: assets.Assets) -> None:
        names = found.import_map()["imports"]
        assert set(names) == {
            "entry",
            *(f"models/{one}" for one in ("a", "b", "late", "not")),
            "socket.io-client",
            "plotly",
        }
        assert names["models/a"] == found.url("/static/js/models/a.js")
        assert names["socket.io-client"].startswith("/vendor/socketio/socket.io.esm.min.js?v=")

    def test_preloads_follow_imports_but_not_late_ones(self, found: assets.Assets) -> None:
        names = [address.split("?")[0].rsplit("/", 1)[1] for address in found.preloads("entry", "models/late")]
        assert names == ["entry.js", "late.js", "a.js", "socket.io.esm.min.js", "b.js"]

    def test_preloading_something_unknown_is_nothing(self, found: assets.Assets) -> None:
        assert found.preloads("nowhere") == []


class TestHeaders:
    def test_only_our_own_scripts_run(self, app: Flask) -> None:
        policy = app.test_client().get("/page").headers["Content-Security-Policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'self'"
        assert "unsafe" not in rules["script-src"]
        assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"

    def test_the_nonce_of_the_page_is_in_the_policy_and_never_the_same(self, app: Flask) -> None:
        client = app.test_client()
        seen = set()
        for _ in range(3):
            answer = client.get("/page")
            nonce = answer.text.removeprefix("<p>").removesuffix("</p>")
            assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
            seen.add(nonce)
        assert len(seen) == 3

    def test_types_are_not_guessed(self, app: Flask) -> None:
        assert app.test_client().get("/data").headers["X-Content-Type-Options"] == "nosniff"

    def test_only_a_right_hash_is_kept_for_ever(self, app: Flask, found: assets.Assets) -> None:
        client = app.test_client()
        plain = "/static/js/entry.js"
        for address, kept in [(found.url(plain), True), (plain, False), (plain + "?v=0123456789", False)]:
            answer = client.get(address)
            assert answer.status_code == 200
            assert ("immutable" in answer.headers.get("Cache-Control", "")) is kept
            answer.close()

    def test_pages_are_asked_for_again(self, app: Flask) -> None:
        assert app.test_client().get("/page").headers["Cache-Control"] == "no-cache"
