"""How far an auditor's training has come."""

from enum import StrEnum


class TrainingStatus(StrEnum):
    """How far an auditor's training has come."""

    IN_TRAINING = "in_training"
    TRAINED = "trained"
    LAPSED = "lapsed"


TRAINING_LABELS = {
    TrainingStatus.IN_TRAINING: "In training",
    TrainingStatus.TRAINED: "Trained",
    TrainingStatus.LAPSED: "Training lapsed",
}
