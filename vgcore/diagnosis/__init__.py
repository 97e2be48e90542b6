"""Find out whether a model suffers from vanishing or exploding gradients, where and why."""

from vgcore.diagnosis.diagnose import diagnose
from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.report import Diagnosis
from vgcore.diagnosis.trials import Trials

__all__ = ["Diagnosis", "Evidence", "Finding", "Trials", "diagnose"]
