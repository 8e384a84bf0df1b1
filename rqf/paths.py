"""Where the folders that live outside the package are: beside it in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _locate(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


TEMPLATES = _locate("templates")
MIGRATIONS = _locate("migrations")
FIXTURES = _locate("fixtures")
STATIC = _PACKAGE / "static"
TRANSLATIONS = _PACKAGE / "translations"
