"""Copy the browser parts that rqf ships from node_modules into rqf/static/vendor, with licence and hash.

Run by `npm run build` in this folder. Nobody who installs or runs rqf needs Node.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "rqf" / "static" / "vendor"

#: package -> (files to copy, file that holds the licence)
PARTS = {
    "govuk-frontend": (["dist/govuk/govuk-frontend.min.js"], None),
    "htmx.org": (["dist/htmx.min.js"], "LICENSE"),
    "@fontsource-variable/source-sans-3": (
        [
            f"files/source-sans-3-{part}-wght-{style}.woff2"
            for part in ("latin", "latin-ext")
            for style in ("normal", "italic")
        ],
        "LICENSE",
    ),
    "swagger-ui-dist": (["swagger-ui.css", "swagger-ui-bundle.js"], "LICENSE"),
}


def main() -> None:
    """Make the vendor folder anew and list what is in it."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    listed = []
    for package, (files, licence) in PARTS.items():
        about = json.loads((MODULES / package / "package.json").read_text())
        folder = VENDOR / package.split("/")[-1]
        folder.mkdir(parents=True)
        for name in [*files, *([licence] if licence else [])]:
            shutil.copy(MODULES / package / name, folder / Path(name).name)
        if package == "govuk-frontend":
            _compile(folder / "govuk.css")
            shutil.copy(HERE / "govuk-frontend.LICENSE", folder / "LICENSE")
        for file in sorted(folder.iterdir()):
            if file.suffix in (".js", ".css"):
                _drop_source_map(file)
            listed.append(_entry(file, package, about))
    text = json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "MANIFEST.json").write_text(text)


def _compile(target: Path) -> None:
    subprocess.run(
        [MODULES / ".bin" / "sass", "--pkg-importer=node", "--no-source-map", "--style=compressed",
         "--quiet-deps", HERE / "govuk.scss", target],
        check=True, cwd=HERE,
    )  # fmt: skip
    # The footer's crest may not be used elsewhere, and nothing of ours shows it.
    target.write_text(re.sub(r"[-a-z]+:url\([^)]*govuk-crest[^)]*\);?", "", target.read_text()))


def _drop_source_map(file: Path) -> None:
    # Byte by byte the makers' file otherwise: str.splitlines would also cut strings at U+2028.
    file.write_bytes(re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*\n?$", b"\n", file.read_bytes()))


def _entry(file: Path, package: str, about: dict) -> dict:
    digest = base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()
    return {
        "path": str(file.relative_to(VENDOR)),
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "sha384": digest,
    }


if __name__ == "__main__":
    main()
