"""The life of an inspection pack: asked for, made, and from then on as it is."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class PackState(StrEnum):
    """Where a pack is."""

    MAKING = "making"
    MADE = "made"
    FAILED = "failed"


S = PackState
PACK = Workflow(
    name="inspection pack",
    owners={S.MAKING: "the system", S.MADE: "nobody", S.FAILED: "those who may have packs"},
    labels={S.MAKING: "Being made", S.MADE: "Made", S.FAILED: "Not made"},
    moves={
        "keep": Move(frozenset({S.MAKING}), S.MADE),
        "fail": Move(frozenset({S.MAKING}), S.FAILED),
        "make_again": Move(frozenset({S.MAKING, S.FAILED}), S.MAKING),
    },
)
