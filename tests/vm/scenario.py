"""What a scenario file is, and the object `vm` that its functions receive.

A scenario file is Python. Its docstring says what it proves and names the requirements (R38). Each function
whose name is `run` or starts with `run_` is one scenario and takes one argument:

    def run(vm): ...

Optional in the file: TIME_LIMIT = seconds for one scenario; a full guest needs more than the default.
A scenario passes when its function returns; it fails when anything is raised.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import importlib.util
import inspect
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Callable

from vm.debian import Disk
from vm.guest import Guest
from vm.osless import Osless
from vm.prepared import POLICY_PATH, policy, prepared
from vm.product import Product

DEFAULT_TIME_LIMIT = 600


class ScenarioError(Exception):
    """A file is no scenario."""


@dataclass(frozen=True)
class Scenario:
    file: Path
    function: str  # run or run_something
    title: str  # first line of the function's docstring, or else of the file's
    time_limit: int

    @property
    def name(self) -> str:
        stem = self.file.stem.removeprefix("scenario_")
        return stem if self.function == "run" else f"{stem}.{self.function.removeprefix('run_')}"


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ScenarioError(f"{file}: not Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scenarios_in(file: Path) -> list[Scenario]:
    """In the order of the file. Raises ScenarioError where there is none, or no docstring."""
    module = load(file)
    functions = [name for name, value in vars(module).items()
                 if (name == "run" or name.startswith("run_")) and inspect.isfunction(value)
                 and value.__module__ == module.__name__]
    if not functions:
        raise ScenarioError(f"{file}: no function run")
    if not (module.__doc__ or "").strip():
        raise ScenarioError(f"{file}: the docstring must say what it proves")
    limit = getattr(module, "TIME_LIMIT", DEFAULT_TIME_LIMIT)
    return [Scenario(file, name, _title(module, name), limit) for name in functions]


def _title(module: ModuleType, function: str) -> str:
    text = getattr(module, function).__doc__ or module.__doc__
    return text.strip().splitlines()[0]


def find(paths: list[Path]) -> list[Scenario]:
    """Scenarios in the given files, and in all scenario_*.py below the given folders."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ScenarioError(f"{path}: no such file or folder")
        files += sorted(path.rglob("scenario_*.py")) if path.is_dir() else [path]
    found = [scenario for file in files for scenario in scenarios_in(file.resolve())]
    _refuse_doubles(found)
    return found


def _refuse_doubles(found: list[Scenario]) -> None:
    """Names are folders below build/vm: two of the same would share one."""
    seen: dict[str, Scenario] = {}
    for scenario in found:
        other = seen.setdefault(scenario.name, scenario)
        if other is not scenario:
            raise ScenarioError(f"{scenario.name}: in {other.file} and in {scenario.file}")


class Vm:
    """Makes the guests of one scenario, in its folder, and switches them off at the end."""

    def __init__(self, folder: Path, architecture: str = "x86_64") -> None:
        self.folder = folder
        self.architecture = architecture  # of guests without an operating system that say no other
        self._machines: list = []
        self._numbers: dict[str, int] = {}

    def osless(self, name: str | None = None, **options: object) -> Osless:
        """A guest without an operating system; options as in osless.Osless."""
        guest = Osless(self._place(name or "osless"), **{"architecture": self.architecture, **options})
        self._machines.append(guest.machine)
        return guest

    def disk(self, **options: object) -> Disk:
        """A disk with Debian to put things on; options as in debian.Disk."""
        return Disk(**options)

    def guest(self, disk: Disk, name: str | None = None, **options: object) -> Guest:
        """A full guest with that disk, which is made now; options as in guest.Guest and qemu.Hardware."""
        guest = Guest(self._place(name or "guest"), disk, **options)
        self._machines.append(guest.machine)
        return guest

    def prepared(self, disk: Disk, name: str | None = None, **options: object) -> Guest:
        """A full guest, switched off, on which Daruma is installed, armed and has a good generation; `disk` must
        have Daruma on it. See prepared.py."""
        guest = prepared(disk, self._place(name or "guest"), **options)
        self._machines.append(guest.machine)
        return guest

    def watched(self, product: Product, policy_changes: dict | None = None, others: tuple[Product, ...] = (),
                hardware: dict | None = None, **disk_options: object) -> Guest:
        """prepared() in the common case: Daruma, a product and perhaps others, and the shipped policy with a short
        settle time and the given changes (see prepared.policy); `hardware` as in vm.guest()."""
        disk = self.disk(**disk_options)
        disk.install_daruma()
        for each in (product, *others):
            disk.install(each, early=True)
        disk.write(POLICY_PATH, policy(**(policy_changes or {})))
        return self.prepared(disk, **(hardware or {}))

    def say(self, text: str) -> None:
        """A line for the reader, into the scenario's log."""
        print(text, flush=True)

    def end(self) -> None:
        for machine in self._machines:
            machine.power_cut()

    def _place(self, name: str) -> Path:
        """A fresh folder: osless, osless-2, …"""
        self._numbers[name] = number = self._numbers.get(name, 0) + 1
        return self.folder / (name if number == 1 else f"{name}-{number}")


def call(scenario: Scenario, folder: Path) -> None:
    """Runs one scenario in this process."""
    function: Callable[[Vm], None] = getattr(load(scenario.file), scenario.function)
    vm = Vm(folder)
    try:
        function(vm)
    finally:
        vm.end()
