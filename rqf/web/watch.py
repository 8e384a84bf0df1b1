"""For who runs the site: is it alive, is it ready, how much does it do; one structured log line a request."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from rqf.web import guard
from rqf.web.database import database

bp = guard.public("watch", __name__)
log = structlog.get_logger("rqf.web")


def init_app(app: Flask) -> None:
    """Count and log requests, and answer the three addresses."""
    registry = CollectorRegistry()
    app.extensions["rqf_metrics"] = registry
    answered = Counter(
        "rqf_requests_total", "Answers by endpoint and status", ("endpoint", "status"), registry=registry
    )
    took = Histogram("rqf_request_seconds", "Time to answer", ("endpoint",), registry=registry)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        answered.labels(endpoint, response.status_code).inc()
        took.labels(endpoint).observe(seconds)
        if endpoint != "static":
            log.info(
                "request", method=request.method, path=request.path, status=response.status_code,
                ms=round(seconds * 1000, 1),
            )  # fmt: skip
        return response

    app.register_blueprint(bp)


@bp.get("/metrics")
def metrics() -> Response:
    """Give the counters in Prometheus' text format."""
    return Response(generate_latest(current_app.extensions["rqf_metrics"]), content_type=CONTENT_TYPE_LATEST)


@bp.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether the database is there and its schema is the one this program knows."""
    try:
        ready = database().is_current()
    except SQLAlchemyError:
        ready = False
    return Response(
        "ready\n" if ready else "not ready\n", 200 if ready else 503, content_type="text/plain; charset=utf-8"
    )
