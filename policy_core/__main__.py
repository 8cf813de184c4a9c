"""`python -m policy_core`."""

import sys

from policy_core.cli import main

sys.exit(main())
