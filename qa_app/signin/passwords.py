"""Password digests: argon2id with OWASP's parameters of 19 MiB, 2 passes and 1 lane.

More memory would cost a web worker more than it has while several people sign in at once; throttling does the rest.
"""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make_hash(password: str) -> str:
    """The argon2id digest of exactly the characters given."""
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the digest.

    Without a digest (an unknown person, or one who has not chosen a password) the same work is done and the
    answer is no, so that the time taken tells nothing.
    """
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the digest was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_hash("nobody has this password")
