"""The browsable description of the API, as a person without an account meets it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("width", [1280, 390])
def test_the_description_of_the_api_opens_without_asking_another_host(desk, width):
    person = desk(width)
    person.open("/api/docs")
    person.page.locator(".opblock").first.wait_for()
    person.page.locator(".opblock-summary-control").first.click()
    person.page.locator(".opblock-body").first.wait_for()
    person.check()
