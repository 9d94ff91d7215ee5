"""Offer what the server processes count to Prometheus, on a port that only this host reaches."""

import os
import shutil

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from mvote.settings import Settings, SettingsFault

HOST = "127.0.0.1"


def offer_metrics(settings: Settings) -> None:
    """Serve /metrics where a port is set; the processes to come write into a folder in home.

    They look for the folder when they are started, and it has to be empty then.
    Raises SettingsFault where the port cannot be listened at.
    """
    if not settings.metrics_port:
        return
    folder = settings.home.absolute() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.fspath(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=os.fspath(folder))  # type: ignore[no-untyped-call]
    try:
        start_http_server(settings.metrics_port, addr=HOST, registry=registry)
    except OSError as error:
        raise SettingsFault(
            f"MVOTE_METRICS_PORT: cannot listen at {HOST} port {settings.metrics_port}:"
            f" {error.strerror}"
        ) from None
