"""Object storage: what a form allows and how it is signed; settings that are only half there."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from dashboard.settings import Settings, SettingsError
from labs.blog import direct, image_check, storage
from labs.blog.s3 import Bucket
from labs.blog.settings import BlogSettings, StorageSettings
from tests.post_policy import signature

MINE = StorageSettings(
    endpoint="http://127.0.0.1:9", bucket="pics", region="eu-west-1", key="the-key", secret="the-secret"
)
OWNER = "5f0000000000000000000001"


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    found = Bucket(MINE)
    yield found
    found.close()


def policy_of(fields: dict[str, str]) -> Any:
    return orjson.loads(base64.b64decode(fields["policy"]))


def test_a_form_allows_one_object_of_one_type_and_size(bucket: Bucket) -> None:
    form = bucket.form(OWNER, "image/webp", 2000)
    conditions = policy_of(form.fields)["conditions"]
    assert ["content-length-range", 1, 2000] in conditions
    exact = {key: value for one in conditions if isinstance(one, dict) for key, value in one.items()}
    assert exact["bucket"] == "pics"
    assert exact["key"] == f"incoming/{OWNER}/{form.name}"
    assert exact["Content-Type"] == "image/webp"
    assert [one for one in conditions if isinstance(one, list)] == [["content-length-range", 1, 2000]]
    posted = set(form.fields) - {"policy", "x-amz-signature"}
    assert posted == set(exact) - {"bucket"}, "every field is bound to one value"
    assert all(form.fields[name] == exact[name] for name in posted)


def test_a_form_is_good_for_minutes(bucket: Bucket) -> None:
    until = datetime.fromisoformat(policy_of(bucket.form(OWNER, "image/png", 1).fields)["expiration"])
    left = until - datetime.now(UTC)
    assert timedelta(seconds=storage.FORM_SECONDS - 60) < left <= timedelta(seconds=storage.FORM_SECONDS + 1)


def test_a_form_is_signed_with_the_secret(bucket: Bucket) -> None:
    fields = bucket.form(OWNER, "image/png", 1).fields
    day = fields["x-amz-date"][:8]
    scope = f"{day}/eu-west-1/s3/aws4_request"
    assert fields["x-amz-credential"] == f"the-key/{scope}"
    assert fields["x-amz-signature"] == signature("the-secret", scope, fields["policy"])
    assert "the-secret" not in str(fields)


def test_every_form_is_for_another_object(bucket: Bucket) -> None:
    assert bucket.form(OWNER, "image/png", 1).name != bucket.form(OWNER, "image/png", 1).name


def test_an_address_shows_one_object_for_minutes_as_what_it_is(bucket: Bucket) -> None:
    parts = urlsplit(bucket.address("pictures/x/y", "image/png"))
    asked = parse_qs(parts.query)
    assert parts.path == "/pics/pictures/x/y"
    assert asked["response-content-type"] == ["image/png"]
    assert asked["X-Amz-Expires"] == [str(storage.SHOWN_SECONDS)]


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://s3.eu-west-1.amazonaws.com", "https://pics.s3.eu-west-1.amazonaws.com"),
        ("https://storage.example.org:9000", "https://storage.example.org:9000"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    ],
)
def test_pages_are_allowed_the_origin_that_forms_are_posted_to(endpoint: str, origin: str) -> None:
    bucket = Bucket(StorageSettings(endpoint=endpoint, bucket="pics", region="eu-west-1", key="k", secret="s"))
    assert bucket.origin == origin
    bucket.close()


def test_the_types_are_those_of_the_check() -> None:
    assert set(direct.TYPES) == set(image_check.TYPES.values())


class TestSettings:
    whole = {  # noqa: RUF012
        "LOOPSCOPE_S3_ENDPOINT": "http://127.0.0.1:9", "LOOPSCOPE_S3_BUCKET": "b", "LOOPSCOPE_S3_KEY": "k",
        "LOOPSCOPE_S3_SECRET": "s",
    }  # fmt: skip

    def test_nothing_set_is_gridfs(self) -> None:
        assert Settings().storage() is None
        assert BlogSettings.from_environment({"MONGODB_URL": "mongodb://x"}).storage is None

    def test_a_region_alone_is_nothing(self) -> None:
        assert Settings.from_environment({"LOOPSCOPE_S3_REGION": "eu-west-1"}).storage() is None

    def test_the_dashboard_and_the_blog_alone_read_the_same(self) -> None:
        alone = BlogSettings.from_environment({"MONGODB_URL": "mongodb://x", **self.whole})
        found = Settings.from_environment(self.whole).storage()
        assert found == alone.storage
        assert found is not None
        assert found.region == "us-east-1"

    @pytest.mark.parametrize("missing", sorted(whole))
    def test_what_is_missing_is_named(self, missing: str) -> None:
        some = {name: value for name, value in self.whole.items() if name != missing}
        with pytest.raises(SettingsError, match=rf"^{missing} is not set\."):
            Settings.from_environment(some)
        with pytest.raises(ValueError, match=rf"^{missing} is not set\."):
            BlogSettings.from_environment({"MONGODB_URL": "mongodb://x", **some})

    def test_all_that_is_missing_is_named(self) -> None:
        with pytest.raises(SettingsError, match=r"^LOOPSCOPE_S3_ENDPOINT, LOOPSCOPE_S3_KEY and .*SECRET are"):
            Settings.from_environment({"LOOPSCOPE_S3_BUCKET": "b"})

    def test_the_secret_is_not_shown(self) -> None:
        assert "the-secret" not in repr(MINE)

    def test_a_library_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "labs.blog.s3", None)
        with pytest.raises(storage.StorageError, match=r"pip install .*\[s3\]"):
            storage.open_bucket(MINE)
