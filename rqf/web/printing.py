"""Pages as PDF: tagged for screen readers, with our fonts, and nothing fetched from anywhere else."""

from __future__ import annotations

from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from flask import Response
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from rqf import paths

#: Addresses in printed pages begin with this, and lead to our own static files without asking anybody.
_BASE = "https://static.invalid/"


class _OwnFiles(URLFetcher):
    """Gives WeasyPrint our static files and refuses everything else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return one of our static files.

        :raises ValueError: it is none of them.
        """
        parts = urlsplit(url)
        file = (paths.STATIC / unquote(parts.path).lstrip("/")).resolve()
        if not url.startswith(_BASE) or not file.is_relative_to(paths.STATIC.resolve()):
            raise ValueError(f"{url} is not one of our files")
        kind = guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=file.read_bytes(), headers={"Content-Type": kind})


def pdf(html: str, name: str) -> Response:
    """Return ``html`` as a PDF/UA document to keep under ``name``."""
    document = HTML(string=html, base_url=_BASE, url_fetcher=_OwnFiles()).write_pdf(pdf_variant="pdf/ua-1")
    response = Response(document, content_type="application/pdf")
    safe = "".join(sign if sign.isalnum() or sign in ".-_" else "-" for sign in name)
    response.headers["Content-Disposition"] = f'inline; filename="{safe}"'
    return response
