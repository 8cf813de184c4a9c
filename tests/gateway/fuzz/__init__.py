"""Random customers, agents and systems: what nobody thought of must be refused as well.

``FUZZ_EXAMPLES`` (default 8) is how many examples each test plays; hundreds make a long run.
"""

import os

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
