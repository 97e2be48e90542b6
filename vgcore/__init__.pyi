from .diagnosis import Diagnosis as Diagnosis
from .diagnosis import Finding as Finding
from .diagnosis import diagnose as diagnose
from .finder import NonFiniteFinder as NonFiniteFinder
from .probes import GradientProfile as GradientProfile
from .probes import NonFinite as NonFinite
from .probes import TimeProfile as TimeProfile
from .probes import find_non_finite as find_non_finite
from .probes import measure_gradients as measure_gradients
from .probes import measure_gradients_through_time as measure_gradients_through_time
from .recorder import GradientRecorder as GradientRecorder

__version__: str
