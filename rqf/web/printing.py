"""Pages as PDF: tagged for screen readers, with our fonts, and nothing fetched from anywhere else."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Response
from flask_babel import gettext
from markupsafe import escape
from weasyprint import HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.urls import URLFetcher, URLFetcherResponse

from rqf import paths

#: Addresses in printed pages begin with this, and lead to our own static files without asking anybody.
_BASE = "https://static.invalid/"
# Embedded fonts carry the moment at which they were cut to size; this holds it still, so that the same page
# gives the same bytes.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1767225600")


class _OwnFiles(URLFetcher):
    """Gives WeasyPrint our static files and what the page itself holds, and refuses everything else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return one of our static files.

        :raises ValueError: it is none of them.
        """
        if url.startswith("data:"):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        file = (paths.STATIC / unquote(parts.path).lstrip("/")).resolve()
        if not url.startswith(_BASE) or not file.is_relative_to(paths.STATIC.resolve()):
            raise ValueError(f"{url} is not one of our files")
        kind = guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=file.read_bytes(), headers={"Content-Type": kind})


#: What says in a PDF/A file that it is PDF/UA-1 too; PDF/A asks that the words be explained there
#: (ISO 19005-3, 6.6.2.3).
_ALSO_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END_OF_RDF = b"</rdf:RDF>"
_COLOURS = "sRGB"
_HIDDEN_PICTURE = re.compile(r'<svg\b[^>]*aria-hidden="true"[^>]*>')


def archival(html: str, identifier: str, day: datetime, files: Mapping[str, tuple[str, str]]) -> bytes:
    """Return ``html`` as PDF/A-3a and PDF/UA-1 to keep for ever: the same input gives the same bytes.

    ``files`` are embedded: name -> (content, what it is).
    """
    attached = [
        Attachment(
            string=content, name=name, description=about, created=day, modified=day, relationship="Source"
        )
        for name, (content, about) in files.items()
    ]
    document: bytes = HTML(string=_named(html), base_url=_BASE, url_fetcher=_OwnFiles()).write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=identifier.encode(),
        color_profiles={_COLOURS: _srgb()},
        output_intent=_COLOURS,
        attachments=attached,
        finisher=_say_that_it_is_ua,
    )
    return document


def _named(html: str) -> str:
    """Return ``html`` with words for the pictures that screens hide from who does not see them.

    PDF/UA knows no picture that is hidden. What the words of all of them say stands as text beside each.
    """
    title = escape(gettext("Picture of the value that stands beside it"))
    return _HIDDEN_PICTURE.sub(lambda found: f"{found[0]}<title>{title}</title>", html)


def _srgb() -> ColorProfile:
    """Return what PDF/A asks for: the meaning of the colours. WeasyPrint's own way leaves the file open."""
    profile = (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    return ColorProfile(io.BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _say_that_it_is_ua(document: Any, pdf: Any) -> None:
    """Add the mark of PDF/UA to the metadata, and leave these readable without unpacking."""
    for part in pdf.objects:
        if getattr(part, "extra", {}).get("Type") == "/Metadata":
            part.stream = [b"".join(part.stream).replace(_END_OF_RDF, _ALSO_UA + _END_OF_RDF)]
            part.compress = False


def pdf(html: str, name: str) -> Response:
    """Return ``html`` as a PDF/UA document to keep under ``name``."""
    document = HTML(string=_named(html), base_url=_BASE, url_fetcher=_OwnFiles()).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    response = Response(document, content_type="application/pdf")
    safe = "".join(sign if sign.isalnum() or sign in ".-_" else "-" for sign in name)
    response.headers["Content-Disposition"] = f'inline; filename="{safe}"'
    return response
