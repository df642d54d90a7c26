"""Every setting of Loopscope, in one table: name, default, meaning.

The table is the dataclass `Settings` itself. A field's environment variable is ``LOOPSCOPE_<NAME>`` unless the
field names another one. ``loopscope settings`` prints the table; nothing else in the project reads a setting from
the environment.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from dashboard.urls import check_url, mask_url
from labs.blog.settings import REGION, StorageSettings, check_google

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``dashboard/``, ``static/``, ``node_modules/`` and the Procfile."""

REDIS_SCHEMES = ("redis", "rediss", "unix")
MONGODB_SCHEMES = ("mongodb", "mongodb+srv")
WEB_SCHEMES = ("http", "https")


class SettingsError(ValueError):
    """One or more settings cannot be used; the message has a line for each: which, what is wrong, what to do."""


def setting(
    default: Any,
    help: str,
    *,
    env: str | None = None,
    least: int | None = None,
    most: int | None = None,
    schemes: tuple[str, ...] = (),
    listed: bool = False,
    secret: bool = False,
    shown: str | None = None,
) -> Any:
    """One row of the table.

    `least` and `most` bound a number; `schemes` are the URL schemes allowed (`listed`: of each item of a list with
    commas); `secret` hides the value when it is shown; `shown` says the default where its value would not help.
    """
    rules = {"help": help, "env": env, "least": least, "most": most, "schemes": schemes, "listed": listed}
    return field(default=default, metadata={**rules, "secret": secret, "shown": shown})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one copy of Loopscope runs with. Immutable; make another with `dataclasses.replace`."""

    host: str = setting("127.0.0.1", "Address that the web process listens on; 0.0.0.0 for a whole classroom.")
    port: int = setting(
        8000, "Port of the web process; when the default is taken, a free one is used.", least=1, most=65535
    )
    redis_url: str = setting(
        "", "Redis or Valkey to use instead of the embedded one.", env="REDIS_URL", schemes=REDIS_SCHEMES
    )
    mongodb_url: str = setting(
        "", "MongoDB to use instead of the embedded one.", env="MONGODB_URL", schemes=MONGODB_SCHEMES
    )
    lab_redis_url: str = setting(
        "", "Redis that the labs work on.", schemes=REDIS_SCHEMES, shown="the app's server, database 9"
    )
    lab_mongodb_url: str = setting(
        "", "MongoDB that the labs work on.", schemes=MONGODB_SCHEMES, shown="the app's server, database lab"
    )
    var: Path = setting(
        ROOT / "var", "Folder for data, logs and the lock of this copy.", shown="var beside the Procfile"
    )
    secret: str = setting("", "Key that signs the learners' cookies.", secret=True, shown="made once, in var/secret")
    run_seconds: int = setting(300, "A run is stopped after this many seconds.", least=1, most=86_400)
    run_events: int = setting(1_000_000, "A run is stopped after this many events.", least=100)
    run_megabytes: int = setting(128, "A run is stopped after this many megabytes of events.", least=1)
    queue_length: int = setting(50, "Runs that may wait in the queue, all learners together.", least=1)
    queue_per_learner: int = setting(3, "Runs that one learner may have waiting or running.", least=1)
    stream_seconds: int = setting(3600, "How long Redis keeps the events of a finished run.", least=1)
    public_origins: str = setting(
        "",
        "Further origins that pages may come from, separated by commas, such as https://lab.example.org.",
        schemes=WEB_SCHEMES,
        listed=True,
    )
    public_url: str = setting(
        "",
        "Address for browsers when a proxy stands before this copy, such as https://lab.example.org.",
        schemes=WEB_SCHEMES,
    )
    google_client_id: str = setting(
        "", "OAuth client of the blog's sign-in with Google; without it the practice provider.", env="GOOGLE_CLIENT_ID"
    )
    google_client_secret: str = setting("", "Its secret.", env="GOOGLE_CLIENT_SECRET", secret=True)
    image_megabytes: int = setting(20, "Largest picture that the blog takes.", least=1, most=1024)
    image_megapixels: int = setting(
        50, "Most pixels, in millions, of a picture that the blog takes.", least=1, most=200
    )
    s3_endpoint: str = setting(
        "", "Object storage (S3) that browsers send the blog's pictures to; without it GridFS.", schemes=WEB_SCHEMES
    )
    s3_bucket: str = setting("", "Its bucket.")
    s3_region: str = setting(REGION, "Its region.")
    s3_key: str = setting("", "Access key for the bucket.")
    s3_secret: str = setting("", "Its secret.", secret=True)
    extra_labs: str = setting(
        "", "Further labs as module:name, separated by commas; installed ones come by themselves."
    )
    webs: int = setting(1, "Web processes behind the one port.", least=1, most=64)
    debug: bool = setting(False, "Show errors with their traceback and reload templates; never on a public host.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check every setting. An empty variable counts as not set.

        Raises `SettingsError` naming every variable that cannot be used.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        problems: list[str] = []
        for row in TABLE:
            text = environ.get(row.env, "").strip()
            if not text:
                continue
            try:
                values[row.name] = row.read(text)
            except ValueError as error:
                problems.append(f"{row.env}={row.mask(text)} {error}")
        if problems:
            raise SettingsError("\n".join(problems))
        settings = cls(**values)
        settings._check_groups()
        return settings

    @property
    def home_tag(self) -> str:
        """The absolute var folder: every process of this copy carries it as ``LOOPSCOPE_HOME_TAG``."""
        return str(self.var.absolute())

    @property
    def origins(self) -> list[str]:
        """The further origins of `public_origins`, one by one, without a trailing slash."""
        return [origin.rstrip("/") for origin in _items(self.public_origins)]

    def storage(self) -> StorageSettings | None:
        """The object storage, if there is one. Raises ValueError when it is only half set."""
        return StorageSettings.of(
            endpoint=self.s3_endpoint, bucket=self.s3_bucket, region=self.s3_region,
            key=self.s3_key, secret=self.s3_secret,
        )  # fmt: skip

    def _check_groups(self) -> None:
        """Raise `SettingsError`, a line for each group of settings that is only half there."""
        problems: list[str] = []
        for check in (self.storage, lambda: check_google(self.google_client_id, self.google_client_secret)):
            try:
                check()
            except ValueError as error:
                problems.append(str(error))
        if problems:
            raise SettingsError("\n".join(problems))

    def secret_key(self) -> str:
        """The signing key: the setting, or else the one in ``var/secret``, which is made here when it is not there."""
        if self.secret:
            return self.secret
        path = self.var / "secret"
        if not path.exists():
            _write_once(path, secrets.token_hex(32))
        return path.read_text().strip()


@dataclass(frozen=True)
class Row:
    """One row of the settings table, as `loopscope settings`, the documentation and the tests read it."""

    name: str
    env: str
    default: Any
    type: type
    help: str
    least: int | None
    most: int | None
    schemes: tuple[str, ...]
    listed: bool
    secret: bool
    shown: str | None

    def read(self, text: str) -> Any:
        """`text` as a value of this row's type; raises ValueError saying what is wrong and what would do."""
        if self.type is int:
            return self._number(text)
        if self.type is bool:
            return _truth(text)
        if self.type is Path:
            return _folder(text)
        for item in _items(text) if self.listed else [text]:
            if self.schemes:
                check_url(item, self.schemes)
        return text

    def mask(self, value: object) -> str:
        """`value` as text that may be shown: a secret, or the password inside a URL, is hidden."""
        text = str(value)
        if self.secret:
            return "••••" if text else ""
        return mask_url(text) if self.schemes else text

    @property
    def default_text(self) -> str:
        """The default as people write it."""
        return self.shown or str(self.default)

    def _number(self, text: str) -> int:
        wanted = "a whole number"
        if self.most is not None:
            wanted += f" from {self.least} to {self.most}"
        elif self.least is not None:
            wanted += f", {self.least} or more"
        try:
            number = int(text)
        except ValueError:
            raise ValueError(f"is not {wanted}.") from None
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise ValueError(f"is not {wanted}.")
        return number


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables that begin with ``LOOPSCOPE_`` but are no setting: most likely a slip of the keyboard."""
    known = {row.env for row in TABLE} | INTERNAL
    return sorted(name for name in environ if name.startswith("LOOPSCOPE_") and name not in known)


INTERNAL = {"LOOPSCOPE_HOME_TAG", "LOOPSCOPE_RUN", "LOOPSCOPE_CHROMIUM"}
"""Marks on processes, and the tests' browser: not settings."""


def _row(column: Field[Any]) -> Row:
    rules = dict(column.metadata)
    assert column.default is not MISSING
    env = rules.pop("env") or f"LOOPSCOPE_{column.name.upper()}"
    kind = Path if isinstance(column.default, Path) else type(column.default)
    return Row(name=column.name, env=env, default=column.default, type=kind, **rules)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise ValueError(
            "begins with the name of a user who has no home here; write the folder's whole path"
        ) from error


def _truth(text: str) -> bool:
    truths = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return truths[text.lower()]
    except KeyError:
        raise ValueError("is neither yes nor no (1, true, yes, on; 0, false, no, off).") from None


def _write_once(path: Path, text: str) -> None:
    """Write `text` to a new private file; when somebody else made the file meanwhile, theirs stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


TABLE: tuple[Row, ...] = tuple(_row(column) for column in fields(Settings))
"""The rows in the order in which they are shown."""
