"""Response headers: what browsers may load, keep and tell others."""

from flask import Flask, Response, request
from flask_login import current_user

from training.web import current

# What is the same for everybody who may see it, and says itself how long it may be kept.
KEPT_AS_THEY_SAY = frozenset({"offline.item", "offline.worker"})
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def init(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Add the security headers, and keep personal pages out of every cache."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if current.config().is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint in KEPT_AS_THEY_SAY and "Cache-Control" in response.headers:
        return response
    if request.endpoint != "static" and (current_user.is_authenticated or request.endpoint != "public.front"):
        response.headers["Cache-Control"] = "private, no-store"
    return response
