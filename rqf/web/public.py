"""The public pages: search, a record, what it is worth elsewhere, and two records compared."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask_babel import format_date

from rqf import equivalences, lookup
from rqf.errors import N_, Invalid, message
from rqf.exchange import record_tables
from rqf.rules.terms import Purpose, QualificationType, VersionStatus
from rqf.web import exports, guard
from rqf.web.database import db
from rqf.web.languages import language, word
from rqf.web.marks import marked
from rqf.web.printing import pdf

bp = guard.public("public", __name__)
bp.context_processor(
    lambda: {
        "type_word": lambda value: word(QualificationType(value)),
        "status_word": lambda value: word(VersionStatus(value)),
        "purpose_word": _purpose,
    }
)

#: Facet of a search -> name in the address.
FACETS = {"country": "country", "level": "level", "sector": "sector", "kind": "type", "status": "status"}
_LONGEST_QUERY = 500


@bp.get("/")
def search():
    """Search, or browse with facets."""
    query = _query()
    result = lookup.search(db(), query)
    chosen = {name: set(_asked(name)) for name in FACETS.values()}
    return render_template(
        "public/search.html",
        query=query,
        result=result,
        chosen=chosen,
        facets=_facets(result.facets, chosen),
        sectors=lookup.sectors(db()),
        asked=bool(query.text or any(chosen.values()) or "page" in request.args),
        page_url=lambda number: _address(page=number),
        file_url=lambda format: _address(url_for(".search_file", format=format), page=[]),
        most=lookup.DEEPEST,
        without=_without,
        marked=marked,
    )


@bp.get("/search.<format>")
def search_file(format: str):
    """Give what a search finds as a file, as far as the search goes."""
    pages = lookup.found_pages(db(), _query())
    return exports.send(format, "rqf-search", record_tables.tables(db(), pages, public=True))


@bp.get("/qualifications/<ref>")
def qualification(ref: str):
    """Show everything about a record; a national code leads to the record's lasting address."""
    if "as_of" in request.args:
        return public_versions.as_of(ref, request.args["as_of"])
    found = lookup.record(db(), ref)
    uuid = found.version.qualification.uuid
    if ref != uuid:
        return redirect(url_for(".qualification", ref=uuid), 301)
    return render_template(
        "public/qualification.html", record=found, countries=_other_countries(found.version)
    )


@bp.get("/qualifications/<ref>/equivalents")
def equivalents(ref: str):
    """Say what a record is worth in another country."""
    version = lookup.find(db(), ref)
    country = request.args.get("country", "").upper()
    countries = _other_countries(version)
    if not country:
        return render_template("public/choose_country.html", version=version, countries=countries)
    answer = lookup.equivalents(db(), version, country)
    stands = equivalences.stands_of(db(), [one.equivalence for one in answer.decided])
    return render_template("public/equivalents.html", answer=answer, countries=countries, stands=stands)


@bp.get("/compare")
def compare():
    """Show two records side by side."""
    page = _comparison()
    stands = equivalences.stands_of(db(), page.decided)
    return render_template("public/compare.html", page=page, marked=marked, stands=stands)


@bp.get("/compare.pdf")
def compare_pdf():
    """Give the comparison as a PDF document."""
    page = _comparison()
    html = render_template(
        "print/compare.html", page=page, marked=marked, address=_own_address(page), day=format_date()
    )
    names = [one.code or one.qualification.uuid[:8] for one in (page.a, page.b)]
    return pdf(html, f"rqf-{names[0]}-{names[1]}.pdf")


@bp.get("/frameworks")
def frameworks():
    """Show the levels of all frameworks beside the regional ones."""
    return render_template("public/frameworks.html", overview=lookup.frameworks(db()))


@bp.get("/frameworks/<code>")
def framework(code: str):
    """Show a framework with its descriptors and referencing."""
    edition, referencing = lookup.framework(db(), code)
    by_level = {row.level_id: row for row in referencing}
    return render_template("public/framework.html", edition=edition, referencing=by_level)


@bp.get("/coverage")
def coverage():
    """Show how many records of each country stand at each regional level."""
    edition, rows = lookup.coverage(db())
    return render_template("public/coverage.html", edition=edition, rows=rows)


def _query() -> lookup.SearchQuery:
    text = " ".join(request.args.get("q", "").replace("\0", " ").split())
    if len(text) > _LONGEST_QUERY:
        raise Invalid(
            {
                "q": [
                    message(
                        N_("A search has at most %(limit)s characters; this one has %(n)s."),
                        limit=_LONGEST_QUERY,
                        n=len(text),
                    )
                ]
            }
        )
    return lookup.SearchQuery(
        text=text,
        countries=_allowed("country", lookup.countries(db())),
        levels=frozenset(_numbers("level")),
        sectors=frozenset(request.args.getlist("sector")),
        types=_allowed("type", [one.value for one in QualificationType]),
        statuses=_allowed("status", [one.value for one in VersionStatus if one != VersionStatus.DRAFT]),
        page=(_numbers("page") or [1])[0],
        language=language(),
    )


def _numbers(name: str) -> list[int]:
    found = []
    for value in request.args.getlist(name):
        if not (value.isascii() and value.isdecimal() and 0 < int(value[:9]) < 10_000 and len(value) < 9):
            raise Invalid({name: [message(N_("“%(value)s” is not a number from 1 up."), value=value[:40])]})
        found.append(int(value))
    return found


def _asked(name: str) -> list[str]:
    """Return the values asked for; a country may be written small."""
    values = request.args.getlist(name)
    return [one.upper() for one in values] if name == "country" else values


def _allowed(name: str, allowed: list[str]) -> frozenset[str]:
    for value in _asked(name):
        if value not in allowed:
            raise Invalid(
                {
                    name: [
                        message(
                            N_("“%(value)s” is not allowed here. Allowed: %(allowed)s."),
                            value=value[:40],
                            allowed=", ".join(allowed),
                        )
                    ]
                }
            )
    return frozenset(_asked(name))


def _facets(counts, chosen) -> dict[str, list[tuple[str, int]]]:
    """Return name in the address -> (value, count); a chosen value stays although nothing has it."""
    shown = {}
    for facet, name in FACETS.items():
        found = {str(value): count for value, count in counts.get(facet, {}).items() if value is not None}
        found |= {value: 0 for value in chosen[name] if value not in found}
        if name == "status":
            found.pop(VersionStatus.DRAFT.value, None)
        by_value = name in ("level", "country")
        shown[name] = sorted(found.items(), key=lambda pair: pair[0] if by_value else (-pair[1], pair[0]))
    return shown


def _address(path: str | None = None, **changes) -> str:
    arguments = {name: values for name, values in request.args.lists() if name not in ("lang", *changes)}
    return f"{path or request.path}?{urlencode(arguments | changes, doseq=True)}"


def _without(name: str, value: str) -> str:
    """Return this page's address without one value of a facet."""
    pairs = [
        (key, one)
        for key in request.args
        for one in _asked(key)
        if key not in ("lang", "page") and (key, one) != (name, value)
    ]
    return f"{request.path}?{urlencode(pairs)}"


def _comparison() -> lookup.ComparisonPage:
    missing = [name for name in ("a", "b") if not request.args.get(name, "").strip()]
    if missing:
        raise Invalid(
            {name: [message(N_("Name a record by its identifier or national code."))] for name in missing}
        )
    return lookup.compare(db(), request.args["a"], request.args["b"])


def _own_address(page: lookup.ComparisonPage) -> str:
    return url_for(".compare", a=page.a.qualification.uuid, b=page.b.qualification.uuid, _external=True)


def _purpose(code: str) -> str:
    return word(Purpose(code))


def _other_countries(version) -> list[str]:
    return [one for one in lookup.countries(db()) if one != version.country_code]


# The pages about versions put their routes on the same blueprint.
from rqf.web import public_versions  # noqa: E402
