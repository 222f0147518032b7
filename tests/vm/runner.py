"""Runs scenarios, each in a process of its own with a time limit, and keeps their results."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vm.inputs import digest
from vm.paths import BUILD, VM
from vm.scenario import Scenario

RESULTS = BUILD / "vm"
DISKS = ("*.raw", "*.qcow2")
TAIL_LINES = 30
NOT_TEXT = re.compile(r"\x1b\[[0-9;=?]*[A-Za-z]|[^\x20-\x7e]")


@dataclass
class Result:
    scenario: Scenario
    passed: bool
    seconds: float
    why: str = ""  # of a failure
    earlier: bool = False  # not run now: passed before with the same inputs


class Runner:
    def __init__(self, *, keep: bool, resume: bool) -> None:
        self._keep = keep
        self._resume = resume
        self._children: set[subprocess.Popen] = set()
        self._lock = threading.Lock()

    def run_all(self, scenarios: list[Scenario], jobs: int) -> list[Result]:
        """Prints a line for each scenario as it ends. Those that may take longest begin, so that none is left to run
        alone at the end; the results are in that order."""
        longest_first = sorted(scenarios, key=lambda scenario: -scenario.time_limit)
        with ThreadPoolExecutor(jobs) as pool:
            try:
                return list(pool.map(self._one, longest_first))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._end_children()
                raise

    def _one(self, scenario: Scenario) -> Result:
        folder = RESULTS / scenario.name
        key = digest(scenario)
        result = self._earlier(scenario, folder, key) or self._run(scenario, folder)
        if not result.earlier:
            _store(folder, key, result)
        self._tidy(folder, result)
        with self._lock:
            print(_line(result), flush=True)
        return result

    def _earlier(self, scenario: Scenario, folder: Path, key: str) -> Result | None:
        if not self._resume:
            return None
        try:
            stored = json.loads((folder / "result.json").read_text())
        except (OSError, ValueError):
            return None
        if not stored.get("passed") or stored.get("inputs") != key:
            return None
        return Result(scenario, True, stored["seconds"], earlier=True)

    def _run(self, scenario: Scenario, folder: Path) -> Result:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        started = time.monotonic()
        with (folder / "scenario.log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, VM / "run", "--one", scenario.function, scenario.file, folder], stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
            with self._lock:
                self._children.add(child)
            why = self._wait(child, scenario.time_limit)
        return Result(scenario, not why, time.monotonic() - started, why and f"{why}: {_last_line(folder)}")

    def _wait(self, child: subprocess.Popen, limit: float) -> str:
        """Empty when the child passed. Nothing that it started stays behind."""
        try:
            code = child.wait(limit)
            why = "" if code == 0 else f"ended with {code}"
        except subprocess.TimeoutExpired:
            why = f"not done after {limit} s"
        _end_group(child)
        with self._lock:
            self._children.discard(child)
        return why

    def _end_children(self) -> None:
        with self._lock:
            for child in self._children:
                _end_group(child)

    def _tidy(self, folder: Path, result: Result) -> None:
        """Disks are large; logs and flash files stay."""
        if self._keep or not result.passed:
            return
        for pattern in DISKS:
            for disk in folder.rglob(pattern):
                disk.unlink()


def _end_group(child: subprocess.Popen) -> None:
    """The child leads its own session, so this is all that it started and nothing else."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def _store(folder: Path, key: str, result: Result) -> None:
    stored = {"inputs": key, "passed": result.passed, "seconds": round(result.seconds, 1), "why": result.why}
    (folder / "result.json").write_text(json.dumps(stored) + "\n")


def _last_line(folder: Path) -> str:
    lines = (folder / "scenario.log").read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][:500] if lines else ""


def _line(result: Result) -> str:
    word = "passed" if result.passed else "FAILED"
    how = "earlier" if result.earlier else f"{result.seconds:.0f} s"
    line = f"{word}  {result.scenario.name} ({how}): {result.scenario.title}"
    if result.passed:
        return line
    folder = RESULTS / result.scenario.name
    return f"{line}\n        {result.why}: see {folder}/scenario.log\n{_ends(folder)}"


def _ends(folder: Path) -> str:
    """The last lines of all logs of a scenario, for whoever has nothing but what the runner prints."""
    parts = []
    for log in sorted(folder.rglob("*.log")):
        lines = [NOT_TEXT.sub("", line) for line in log.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]]
        parts += [f"        {log.relative_to(folder)} ends with:", *(f"        | {line[:200]}" for line in lines if line)]
    return "\n".join(parts)
