"""Scripts and styles: read once, named by their content, kept by browsers for a year."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.settings import PROJECT

STATIC = PROJECT / "gateway" / "static"
PACKAGES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "sse.js": "htmx-ext-sse/dist/sse.min.js",
    "chart.js": "chart.js/dist/chart.umd.min.js",
}
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class AssetsMissingError(RuntimeError):
    """A front-end package was not fetched; the message says how to fetch it."""


@dataclass(frozen=True)
class Asset:
    """A file as it is served; `tag` is taken from its content."""

    content: bytes
    zipped: bytes
    media_type: str
    tag: str


class Assets:
    """The files under `/static`: our own, and the fetched packages."""

    def __init__(self, packages: Path = PROJECT / "node_modules") -> None:
        files = {p.name: p for p in sorted(STATIC.rglob("*")) if p.suffix in _TYPES}
        if lacking := missing(packages):
            raise AssetsMissingError(
                f"{lacking[0]} is not there; run 'python -m gateway setup' to fetch it"
            )
        files |= {name: packages / place for name, place in PACKAGES.items()}
        self.files = {name: _asset(path) for name, path in files.items()}

    def url(self, name: str) -> str:
        """The address of a file, new whenever its content is."""
        return f"/static/{name}?v={self.files[name].tag}"

    async def serve(self, request: Request) -> Response:
        """Answer a request for a file."""
        asset = self.files.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404, "There is no such file.")
        fresh = request.query_params.get("v") == asset.tag
        headers = {
            "etag": f'"{asset.tag}"',
            "vary": "accept-encoding",
            "cache-control": f"public, max-age={31536000 if fresh else 300}"
            + (", immutable" if fresh else ""),
        }
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        content = asset.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            content = asset.zipped
        return Response(content, headers=headers, media_type=asset.media_type)


def missing(packages: Path = PROJECT / "node_modules") -> list[str]:
    """The front-end packages that are not there: a gateway that starts now would not start."""
    return [place for place in PACKAGES.values() if not (packages / place).is_file()]


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(
        content=content,
        zipped=gzip.compress(content, 9, mtime=0),
        media_type=_TYPES[path.suffix],
        tag=hashlib.sha256(content).hexdigest()[:16],
    )
