"""Import before anything that computes: keeps the numeric libraries of this process to one thread.

They read these variables once, when they are loaded.
"""

import os

for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMEXPR"):
    os.environ[f"{name}_NUM_THREADS"] = "1"
