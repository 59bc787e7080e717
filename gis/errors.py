"""The errors this product raises on purpose: one family, two audiences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis.i18n import translate


class GisError(Exception):
    """
    Base of every error raised on purpose.

    `message` is an English template for people (what, which rule, the way
    out); `params` fill it. It is translated at the border by `text`. `detail`
    goes to the log only.
    """

    code = "error"

    def __init__(self, message: str, /, *, detail: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self.detail = detail

    def text(self, locale: str) -> str:
        """The message in `locale`; parameters that are messages themselves are translated too."""
        return _filled(self.message, self.params, locale)

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class Term:
    """A parameter of a message with a name in each language, such as a state."""

    zh: str
    en: str

    def text(self, locale: str) -> str:
        """The name in `locale`."""
        return self.zh if locale == "zh-CN" else self.en

    def __str__(self) -> str:
        return self.en


def _filled(message: str, params: Mapping[str, object], locale: str) -> str:
    """The translated template with its parameters; names appear in the same language."""
    words = {k: v.text(locale) if isinstance(v, Term) else v for k, v in params.items()}
    return translate(message, locale).format(**words)


class NotFound(GisError):
    """There is no such thing, or the asker may not know that there is."""

    code = "not_found"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field of what somebody sent."""

    field: str
    message: str
    params: tuple[tuple[str, object], ...] = ()

    def text(self, locale: str) -> str:
        """The sentence in `locale`."""
        return _filled(self.message, dict(self.params), locale)


def fault(field: str, message: str, **params: object) -> Fault:
    """A `Fault` written the way errors are."""
    return Fault(field, message, tuple(params.items()))


class Invalid(GisError):
    """What was sent is wrong; names all faults, not only the first."""

    code = "invalid"

    def __init__(
        self, message: str, /, *, faults: Sequence[Fault] = (), detail: str = "", **params: object
    ) -> None:
        super().__init__(message, detail=detail, **params)
        self.faults = tuple(faults)


class Refused(GisError):
    """A rule says no in this state."""

    code = "refused"


class Forbidden(GisError):
    """The asker may not do or see this."""

    code = "forbidden"


class SignedOut(Forbidden):
    """Nobody is signed in, or the session has ended."""

    code = "signed_out"


class Conflict(GisError):
    """Somebody else was faster."""

    code = "conflict"


class Unavailable(GisError):
    """Something this needs is not there now; trying again later may help."""

    code = "unavailable"
