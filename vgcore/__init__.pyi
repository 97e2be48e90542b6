from .probes import GradientProfile as GradientProfile
from .probes import measure_gradients as measure_gradients

__version__: str
