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
            (folder / "LICENSE").write_text(MIT)
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
    lines = [line for line in file.read_text().splitlines() if "sourceMappingURL=" not in line[:40]]
    file.write_text("\n".join(lines) + "\n")


def _entry(file: Path, package: str, about: dict) -> dict:
    digest = base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()
    return {
        "path": str(file.relative_to(VENDOR)),
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "sha384": digest,
    }


MIT = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

if __name__ == "__main__":
    main()
