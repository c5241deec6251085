"""Everything that changes a slippage notice, one function a verb."""

from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.operations.chasing import chase
from qa_app.slippage.operations.deciding import acknowledge, answer, back_on_track, forward, settle
from qa_app.slippage.operations.predicting import predict
from qa_app.slippage.operations.raising import raise_notice

__all__ = [
    "AnswerInput",
    "RaiseInput",
    "acknowledge",
    "answer",
    "back_on_track",
    "chase",
    "forward",
    "predict",
    "raise_notice",
    "settle",
]
