"""What the blog is told of the addresses at which browsers reach it: alone and mounted, the same."""

from __future__ import annotations

from dashboard.mounted import blog_settings
from dashboard.settings import Settings
from labs.blog.settings import BlogSettings

ENVIRON = {
    "LOOPSCOPE_PUBLIC_URL": "https://lab.example.org/",
    "LOOPSCOPE_PUBLIC_ORIGINS": "https://a.example.org/, https://b.example.org:8443",
    "LOOPSCOPE_SECRET": "test",
    "MONGODB_URL": "mongodb://unused",
}
ORIGINS = ("https://lab.example.org", "https://a.example.org", "https://b.example.org:8443")


def test_all_addresses_are_known() -> None:
    assert BlogSettings.from_environment(ENVIRON).origins == ORIGINS
    assert blog_settings(Settings.from_environment(ENVIRON)).origins == ORIGINS


def test_without_any_there_is_only_where_it_listens() -> None:
    assert BlogSettings.from_environment({"MONGODB_URL": "mongodb://unused"}).origins == ()
