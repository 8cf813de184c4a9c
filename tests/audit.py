"""Known vulnerabilities of the pinned packages: ``make audit``.

The lock file is exported, pip-audit asks the vulnerability service about it, and whatever is found
must stand in docs/advisories.yml for that version. Exit status: 0 all listed, 1 something is not,
2 the service could not be asked: then nothing is known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "docs" / "advisories.yml"
PIP_AUDIT = "pip-audit==2.10.1"  # run by uv in an environment of its own: it needs newer packages
UNKNOWN = "The vulnerability service could not be asked, so nothing was audited"


class NotAskedError(RuntimeError):
    """The service did not answer; the message says what came instead."""


def main() -> int:
    """Audit the lock file; returns the exit status."""
    try:
        found = ask_service()
    except NotAskedError as why:
        print(f"{UNKNOWN}: {why}", file=sys.stderr)
        return 2
    missing = not_listed(found, yaml.safe_load(LISTED.read_text("utf-8")))
    for line in missing:
        print(line, file=sys.stderr)
    count = sum(len(one["vulns"]) for one in found)
    print(f"{len(found)} packages, {count} advisories, {len(missing)} not in docs/advisories.yml")
    return 1 if missing else 0


def ask_service() -> list[dict[str, Any]]:
    """Return the packages of the lock file with their advisories, as pip-audit has them."""
    uv = os.environ.get("UV", "uv")
    with tempfile.TemporaryDirectory() as folder:
        pinned, answer = Path(folder) / "requirements.txt", Path(folder) / "answer.json"
        export = [uv, "export", "--frozen", "--all-groups", "--no-hashes", "--no-emit-project"]
        _run([*export, "--quiet", "--output-file", str(pinned)])
        audit = [uv, "tool", "run", "--from", PIP_AUDIT, "pip-audit", "--progress-spinner=off"]
        source = ["--requirement", str(pinned), "--no-deps", "--disable-pip"]
        _run([*audit, *source, "--format=json", "--output", str(answer)], may_fail=answer)
        return asked(json.loads(answer.read_text("utf-8")))


def asked(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return pip-audit's packages; NotAskedError where one of them was skipped."""
    packages: list[dict[str, Any]] = answer["dependencies"]
    skipped = [one for one in packages if "skip_reason" in one]
    if skipped or not packages:
        reason = skipped[0]["skip_reason"] if skipped else "no package was looked at"
        raise NotAskedError(f"{len(skipped)} of {len(packages)} skipped ({reason})")
    return packages


def not_listed(found: list[dict[str, Any]], listed: dict[str, Any]) -> list[str]:
    """Return a line for each advisory that is not listed for the version that is pinned."""
    known = {
        (one["package"], str(one["version"]), id)
        for one in listed["advisories"]
        for id in one["ids"]
    }
    return [
        f"{one['name']} {one['version']}: {vuln['id']} is not in docs/advisories.yml"
        f" (fixed in {', '.join(vuln['fix_versions']) or 'no version'})"
        for one in found
        for vuln in one["vulns"]
        if not any(
            (one["name"], one["version"], id) in known for id in (vuln["id"], *vuln["aliases"])
        )
    ]


def _run(command: list[str], may_fail: Path | None = None) -> None:
    """Run a command; one that fails may have written its answer all the same."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise NotAskedError(f"{command[0]}: {error.strerror}") from None
    if done.returncode and not (may_fail and may_fail.is_file() and may_fail.stat().st_size):
        raise NotAskedError((done.stderr.strip() or done.stdout.strip()).splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
