"""A real server with the demonstration's data, and a real browser in front of it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from rqf import exchange, paths
from rqf.app import create_app
from rqf.models.database import Database

PASSWORD = "a pass phrase for the browser"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site_database_url(tmp_path_factory) -> str:
    """The address of the database behind the site."""
    return f"sqlite:///{tmp_path_factory.mktemp('site') / 'rqf.sqlite'}"


@pytest.fixture(scope="session")
def site(site_database_url) -> Iterator[str]:
    """The address of a running site with the sample data and the demonstration's people."""
    url = site_database_url
    database = Database(url)
    database.upgrade()
    with database.transaction() as session:
        exchange.load(session, "test", paths.FIXTURES)
        exchange.load_demo(session, PASSWORD)
    database.close()
    app = create_app(
        {
            "DATABASE_URL": url,
            "SECRET_KEY": "only for tests, but long enough to be accepted",
            "SECURE_COOKIES": False,
            "DEMO": True,
            "SIGN_IN_TRIES": 1000,
        }
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    app.extensions["rqf_database"].close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """A person in front of a screen: goes to pages, and every page is checked on the way."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.problems: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", self._outside)

    def _listen(self, said) -> None:
        # The refusals that tests provoke are logged by the browser as failed loads; they are no fault.
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.problems.append(f"console on {self.page.url}: {said.text}")

    def _outside(self, request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.problems.append(f"asked another host: {request.url}")

    def open(self, path: str) -> None:
        """Go to an address and check the page."""
        self.page.goto(self.site + path)
        self._look()

    def check(self) -> None:
        """Check what a machine can of the page that the person's last step leads to."""
        # Half a second without a request: whatever the step began has come to its end.
        self.page.wait_for_load_state("networkidle")
        self._look()

    def _look(self) -> None:
        found = Axe().run(self.page, options=AXE)
        rules = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]
        assert rules == [], f"{self.page.url}: {rules}"
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has not exactly one h1"
        assert self.page.locator("html").get_attribute("lang") in ("es", "en")
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"
        assert self.problems == []

    def sign_in(self, email: str) -> None:
        """Come in through the door."""
        self.open("/auth/sign-in")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").last.click()
        self.check()


@pytest.fixture
def desk(chromium, site, tmp_path):
    """``desk(width)`` gives a person with a browser of their own."""
    contexts = []

    def take(width: int = 1280, height: int = 900, language: str = "es-CL") -> Desk:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=language, accept_downloads=True
        )
        context.set_default_timeout(15000)
        contexts.append(context)
        return Desk(context.new_page(), site)

    yield take
    for context in contexts:
        context.close()


@pytest.fixture
def folder(tmp_path) -> Path:
    """A place for downloads."""
    return tmp_path
