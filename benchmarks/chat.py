"""What the chat makes a page load: ``python -m benchmarks.chat``; nothing is started.

The kB are those of the gzip that the gateway sends: of what the chat's page names, what its scripts
import, and the launcher on the shop's own pages.
"""

from __future__ import annotations

import re
import sys

from benchmarks.figures import show
from gateway.settings import PROJECT
from gateway.web.assets import PACKAGES, Assets

PAGE = PROJECT / "gateway" / "templates" / "chat" / "page.html"
LAUNCHER = "embed.js"
_NAMED = re.compile(r"""asset\('([^']+\.(?:js|css))'\)""")
_IMPORTED = re.compile(r"""^import[^"]*"\./([^"?]+)""", re.MULTILINE)


def main() -> int:
    """Print a row for each file, and the sums."""
    files = Assets().files
    named = _NAMED.findall(PAGE.read_text("utf-8"))
    for name in named:  # grows while it is read: an imported script imports others
        imported = _IMPORTED.findall(files[name].content.decode())
        named += [one for one in imported if one not in named]
    weights = {name: len(files[name].zipped) / 1000 for name in [*named, LAUNCHER]}
    ours = sum(weights[name] for name in named if name not in PACKAGES)
    show(
        "chat",
        [
            *({"file": name, "kB, gzip": weight} for name, weight in weights.items()),
            {"file": "the chat's page", "kB, gzip": sum(weights[name] for name in named)},
            {"file": "  of it ours", "kB, gzip": ours},
            {"file": "the shop's own page", "kB, gzip": weights[LAUNCHER]},
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
