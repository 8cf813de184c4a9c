"""A small shop page to try the chat on, and the script a shop embeds it with."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casework.orders.sample_orders import sample_orders
from casework.shop import policy_in_force
from gateway.web import wording
from gateway.web.running import gateway_of
from gateway.web.security import page_policy

SHOWN = ("10482", "10490", "10483", "10480", "10491", "10492")


async def sample_page(request: Request) -> Response:
    """GET /: the sample shop page, where it is switched on; else the chat itself."""
    gateway = gateway_of(request)
    if not gateway.settings.sample_shop:
        return RedirectResponse("/chat", 307)
    samples = sample_orders(policy_in_force())
    orders = [
        {
            "goods": ", ".join(goods[1] for goods, _ in sample.goods),
            "number": sample.number,
            "email": sample.email,
            "story": sample.story,
        }
        for sample in samples
        if sample.number in SHOWN
    ]
    html = gateway.templates.get_template("chat/sample_shop.html").render(
        phone=wording.phone(), orders=orders
    )
    headers = {"content-security-policy": page_policy(frames="'self'")}
    return HTMLResponse(html, headers=headers)


async def embed_script(request: Request) -> Response:
    """GET /embed.js: the launcher; the same file for every shop, usable from any origin."""
    asset = gateway_of(request).assets.files.get("embed.js")
    if asset is None:
        raise HTTPException(404, "There is no such file.")
    headers = {
        "cache-control": "public, max-age=300",
        "etag": f'"{asset.tag}"',
        "cross-origin-resource-policy": "cross-origin",
    }
    return Response(asset.content, headers=headers, media_type=asset.media_type)
