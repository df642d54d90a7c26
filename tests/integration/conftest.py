"""For tests of the blog: each of their files says in a fixture `blog` which one it is, by its address."""

from __future__ import annotations

import pytest

from labs.blog.trace import Trace
from tests.blog import Browser


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    """What a blog that is given this list's `append` tells of its requests."""
    return []


@pytest.fixture
def ada(blog: str) -> Browser:
    """A browser in which Ada is signed in."""
    browser = Browser(blog)
    browser.sign_in("Ada")
    return browser
