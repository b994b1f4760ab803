"""What the compiler's tests share: networks from text, one oracle, and accepting a fix."""

from __future__ import annotations

import sys
from pathlib import Path

# Tests are imported one by one, not as a package; what they share is imported by name.
sys.path.insert(0, str(Path(__file__).parent))
