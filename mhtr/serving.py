"""Serving the application with gunicorn: the same server for the demonstration and for real."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from config import ConfigError
from mhtr.core.database import db


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn around an application that is built already."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run(
    app: Flask,
    *,
    host: str,
    port: int,
    workers: int,
    threads: int,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM). Does not return: ends the process.

    Args:
        ready: called once when the server listens.

    Raises:
        ConfigError: the application was made for the test suite, with secrets everybody knows.
    """
    if app.testing:
        raise ConfigError("MHTR_MODE=test is for the test suite and is never served.")
    with app.app_context():
        db.engine.dispose()  # no connection may be shared by the workers
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    Server(
        app,
        {
            "bind": address,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "warning",
            "graceful_timeout": 5,
            "timeout": 60,
            # Requests wait here a moment when every thread is busy, instead of being refused.
            "backlog": 256,
            "max_requests": 0,
            "when_ready": lambda _server: ready() if ready else None,
        },
    ).run()
