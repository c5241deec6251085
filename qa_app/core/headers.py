"""Security headers of every answer, and the refusal of unsafe requests that another site started."""

from flask import Flask, Response, abort, request

# No inline script or style anywhere, so no nonce or hash: a page, a fragment and an error share one constant policy.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# `same-site` is a sibling host of the council's domain: no page of ours is there, so nothing it sends is meant.
FOREIGN = frozenset({"cross-site", "same-site"})


def protect(app: Flask) -> None:
    """Put the headers on every answer of the app and refuse unsafe requests from other sites.

    Built files are served before the app is reached and carry their own (`core.assets`).
    """
    app.before_request(refuse_foreign)
    app.after_request(add_headers)


def refuse_foreign() -> None:
    """403 for a request that may change something and that the browser says another site started.

    Browsers that send no `Sec-Fetch-Site` are held by the CSRF token alone.
    """
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in FOREIGN:
        abort(403)


def add_headers(response: Response) -> Response:
    """Add every header that the view has not set itself."""
    headers = response.headers
    headers.extend([(name, value) for name, value in HEADERS.items() if name not in headers])
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    response.vary.add("Cookie")
    return response
