"""Refusals that a person reads. Each message is a sentence that says what to do."""


class Refusal(Exception):
    """A request that cannot be done as asked; `str(error)` is shown to the person."""


class NotAllowed(Refusal):
    """This person may not do this to this thing."""


class IllegalMove(Refusal):
    """The thing is not in a state from which this can happen."""


class Stale(Refusal):
    """Somebody else (or another tab) changed it first."""


class NotFound(Refusal):
    """There is no such thing, or it is outside what the person may see: the two look the same."""

    def __init__(self, message: str = "Page not found") -> None:
        super().__init__(message)


class BadInput(Refusal):
    """What was typed cannot be used; `fields` maps a field's name to its sentence."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}
