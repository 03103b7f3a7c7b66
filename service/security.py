"""What protects every page: content policy, cross-site tokens, rate limits and the delay after failed sign-ins."""

from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from limits.storage import Storage, storage_from_string

from service.config import LARGEST_UPLOAD, Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DELAYS = "goaltrail-sign-in-delays"
"""Under this name each application keeps the storage of its own pauses; the limiter's belongs to the process."""
FREE_FAILURES = 3
FIRST_DELAY = 10
LONGEST_DELAY = 900



def who_asks() -> str:
    """Return whose requests are counted together: a session's, as an office shares one address; else the address."""
    token = session.get("token")
    return f"session/{sha256(token.encode()).hexdigest()}" if token else get_remote_address()


def failed(response: Response) -> bool:
    """Whether an attempt to sign in was refused: only those use up an address's allowance."""
    return response.status_code == HTTPStatus.UNAUTHORIZED


csrf = CSRFProtect()
limiter = Limiter(who_asks, default_limits=["1200/minute"], in_memory_fallback_enabled=True)
SIGN_IN_FAILURES = "40/minute"
"""How often one address may be refused at the door, whatever the accounts; who knows the password is not counted."""


def protect(app: Flask, settings: Settings) -> None:
    """Install cookies, tokens, limits and headers on the application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="goaltrail",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=settings.limiter_storage,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.extensions[DELAYS] = storage_from_string(settings.limiter_storage)
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class SignInDelay:
    """Growing pauses after failures, counted per account and address so that a stranger elsewhere locks nobody out."""

    def __init__(self, storage: Storage, account: str, address: str) -> None:
        """Count in the limiter's storage under the account's name and the address of the caller."""
        self.storage = storage
        self.failures = f"goaltrail/failed/{account}/{address}"
        self.pause = f"goaltrail/pause/{account}/{address}"

    def waiting(self) -> bool:
        """Whether the pause of the last failure is still running."""
        return self.storage.get(self.pause) > 0

    def failed(self) -> int:
        """Note a failure and start the pause it earns; return how many there were where one begins, else 0."""
        failures = self.storage.incr(self.failures, LONGEST_DELAY * 2)
        seconds = delay_after(failures)
        if not seconds:
            return 0
        self.storage.incr(self.pause, seconds)
        return failures

    def succeeded(self) -> None:
        """Forget the failures."""
        self.storage.clear(self.failures)
        self.storage.clear(self.pause)


def delay_after(failures: int) -> int:
    """Seconds to wait after so many failures: none for the first two, then 10, 20, 40 … up to a quarter of an hour."""
    if failures < FREE_FAILURES:
        return 0
    return int(min(FIRST_DELAY * 2 ** (failures - FREE_FAILURES), LONGEST_DELAY))
