"""The learners' server as the key browser reaches it: users made when first needed, and again after a restart."""

from __future__ import annotations

from redis import Redis
from redis.exceptions import AuthenticationError, ResponseError

from dashboard import lab_servers
from dashboard.keys.address import Address
from dashboard.keys.users import Users, prepare
from dashboard.settings import Settings


class Access:
    """Connects lazily. Every method raises RedisError when the server does not answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app = address_of(settings)
        self._secret = settings.secret_key()
        self._users: Users | None = None
        self._client: Redis | None = None

    @property
    def database(self) -> int:
        return self._app.database

    def users(self) -> Users:
        """The users as they were last made."""
        if self._users is None:
            return self.renew()
        return self._users

    def renew(self) -> Users:
        """Make the users (again): an embedded server that was restarted has forgotten them."""
        users = prepare(self._app, self._secret, self._is_dedicated)
        if self._users is None or self._users.browser != users.browser:
            self._client = users.browser.client()
        self._users = users
        return users

    def client(self) -> Redis:
        """A client that looks and does not touch; shared, one connection for each who asks at the same time."""
        self.users()
        assert self._client is not None
        try:
            self._client.ping()
        except (AuthenticationError, ResponseError):
            self.renew()
        return self._client

    def _is_dedicated(self) -> bool:
        """Whether the learners' server is another one than the app's, whatever the two are called."""
        if not self._settings.lab_redis_url:
            return False
        with Address.of(self._settings.redis_url).client() as own, self._app.client() as theirs:
            return bool(own.info("server")["run_id"] != theirs.info("server")["run_id"])

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.connection_pool.disconnect()


def address_of(settings: Settings) -> Address:
    """Where the labs' keys are."""
    return Address.of(lab_servers.urls(settings)["redis"])
