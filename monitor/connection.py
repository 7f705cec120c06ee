"""From the ``redis`` setting to a client: embedded, direct, TLS, unix socket or Sentinel."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

from monitor.embedded import EmbeddedRedis
from monitor.settings import Settings

#: options every client gets. No automatic retries: a retried EXEC could be applied twice, and
#: the stages know better what to do when Redis is away. Timeouts are in seconds.
OPTIONS: dict[str, Any] = {
    "decode_responses": True,
    "protocol": 2,
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "health_check_interval": 30,
}

#: what a Redis must understand: XAUTOCLAIM came with this version
NEEDED = (6, 2)


class RedisUnusableError(Exception):
    """Redis cannot be used as the settings say; the message is one clear line."""


def connect(settings: Settings, data: Path) -> Redis:
    """Return a client for the Redis of the settings; starts the embedded one when needed.

    Raises:
        RedisUnusableError: it is not there, too old, or refuses; says what to do.
    """
    if settings.redis == "embedded":
        server = EmbeddedRedis(data, fsync=settings.fsync)
        try:
            server.ensure()
        except OSError as error:
            raise RedisUnusableError(str(error)) from error
        return client_for(server.url)
    client = client_for(settings.redis)
    check(client, settings.redis)
    return client


def client_for(url: str) -> Redis:
    """Return a client for a URL without asking the server anything.

    Raises:
        RedisUnusableError: the URL is not one of the forms that are understood.
    """
    retry = Retry(NoBackoff(), 0)
    if url.startswith(("redis+sentinel://", "rediss+sentinel://")):
        return _through_sentinel(url, retry)
    try:
        return Redis.from_url(url, retry=retry, **OPTIONS)
    except ValueError as error:
        raise RedisUnusableError(f"redis: {hide_password(url)}: {error}") from error


def _through_sentinel(url: str, retry: Retry) -> Redis:
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    hosts = []
    for host in where.split(","):
        name, _, port = host.partition(":")
        if not name or (port and not port.isdigit()):
            raise RedisUnusableError(
                f"redis: {hide_password(url)}: expected "
                "redis+sentinel://host:port,host:port/master-name/db"
            )
        hosts.append((name, int(port or 26379)))
    master, _, database = parts.path.strip("/").partition("/")
    if not master or (database and not database.isdigit()):
        raise RedisUnusableError(
            f"redis: {hide_password(url)}: the path must be /master-name or /master-name/db"
        )
    options = {**OPTIONS, "db": int(database or 0), "retry": retry}
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    if password:
        options["password"] = unquote(password)
    if user:
        options["username"] = unquote(user)
    if url.startswith("rediss"):
        options["ssl"] = True
    sentinel = Sentinel(hosts, sentinel_kwargs={"socket_connect_timeout": 5}, **options)
    client: Redis = sentinel.master_for(master, redis_class=Redis)
    return client


def check(client: Redis, url: str) -> None:
    """Ask the server who it is.

    Raises:
        RedisUnusableError: it does not answer or is older than 6.2.
    """
    shown = hide_password(url)
    try:
        info: dict[str, Any] = client.info("server")
    except RedisError as error:
        raise RedisUnusableError(
            f"redis: {shown}: {_first_line(error)}; start it, correct `redis:` in monitor.yaml, "
            "or write `redis: embedded`"
        ) from error
    version = str(info.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2]) < NEEDED:
        raise RedisUnusableError(f"redis: {shown}: is version {version}, 6.2 or newer is needed")


def hide_password(url: str) -> str:
    """Return the URL fit for logs."""
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    if not at or ":" not in credentials:
        return url
    user = credentials.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{user}:***@{host}"))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
