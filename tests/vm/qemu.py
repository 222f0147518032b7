"""One virtual machine: a QEMU process with its disks, its flash file, its serial console and its clock.

Boots follow one another in one process, as on real hardware. A power cut kills the process; `start()`
goes on with the same disks and the same flash file. All that a machine needs lies in its own folder, and
its sockets have no names, so that machines do not meet.
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from vm.board import board
from vm.channel import Channel
from vm.flash import Flash
from vm.orphan import die_with_parent
from vm.qmp import Qmp, QmpError
from vm.tpm import Tpm

TRANSLATED_MIB = 128  # cache of translated code: with more, what earlier boots left in it slows later ones down
STARTED = r"BdsDxe: starting Boot\w+ \"([^\"]*)\""  # the firmware starts a boot entry


class MachineError(Exception):
    """The machine is not in the state that was asked for."""


@dataclass
class Hardware:
    disks: list[Path]  # raw or qcow2, by suffix; the first one is booted from
    memory: int = 256  # MiB
    cpus: int = 1
    secure_boot: str | None = None  # firmware that demands signatures, with these keys enrolled: "ms", "snakeoil"
    tpm: bool = False
    clock: str | None = None  # real-time clock in UTC, "2031-01-01T00:00:00"; None: the host's
    network: bool = False
    architecture: str = "x86_64"
    counted: bool = False  # the clock goes by instructions, and one is a nanosecond: the time stamp counter counts them
    extra: list[str] = field(default_factory=list)  # further QEMU arguments


class Machine:
    def __init__(self, folder: Path, hardware: Hardware) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.hardware = hardware
        self._board = board(hardware.architecture)
        self.flash = Flash(folder / "flash.fd")
        self.console = Channel(folder / "serial.log")
        self.commands = Channel(folder / "commands.log")
        self._process: subprocess.Popen | None = None
        self._qmp: Qmp | None = None
        self._tpm = Tpm(folder) if hardware.tpm else None
        self._resets_before = 0
        if not self.flash.path.exists():
            self._board.fill_store(hardware.secure_boot, self.flash.path)

    # --- power -------------------------------------------------------------------------------------------

    def start(self, saved: Path | None = None) -> None:
        """Switches on; or goes on from what save() wrote. The disks must then be what they were."""
        if self.running:
            raise MachineError("the machine is on already")
        ours, theirs = zip(*(socket.socketpair() for _ in range(3)))
        if self._tpm:
            self._tpm.start()
        self._process = subprocess.Popen(
            self._command([end.fileno() for end in theirs], saved), pass_fds=[end.fileno() for end in theirs],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._error_log.open("ab"), preexec_fn=die_with_parent)
        for end in theirs:
            end.close()
        self.console.connect(ours[0])
        self.commands.connect(ours[1])
        try:
            self._qmp = Qmp(ours[2])
        except QmpError as error:
            self.power_cut()
            raise MachineError(f"QEMU: {self._error_log.read_text()[-2000:]}") from error
        if saved:
            self._wait_for("query-status", "running", "inmigrate")

    def save(self, path: Path) -> None:
        """Writes memory, flash and devices to a file, and switches off. Any number of machines can go on from it."""
        self.qmp.command("migrate", uri=f"exec:cat > '{path}'")
        self._wait_for("query-migrate", "completed", "setup", "active", "device")
        self.power_cut()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def power_cut(self) -> None:
        """Ends QEMU at once, in the middle of whatever it does. Harmless when the machine is off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
        self._collect()

    def reset(self) -> None:
        """The reset button."""
        self.qmp.command("system_reset")

    def power_button(self) -> None:
        """Asks the guest to shut down (ACPI)."""
        self.qmp.command("system_powerdown")

    def nmi(self) -> None:
        """A non-maskable interrupt, as from a service processor."""
        self.qmp.command("inject-nmi")

    def wait_off(self, timeout: float = 60) -> None:
        """Waits until the guest has switched itself off."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise MachineError(f"still on after {timeout:.0f} s") from None
        self._collect()

    # --- what can be seen from outside -------------------------------------------------------------------

    @property
    def qmp(self) -> Qmp:
        if self._qmp is None or not self.running:
            raise MachineError("the machine is off")
        return self._qmp

    @property
    def condition(self) -> str:
        """What QEMU says of the machine and its processors, for whoever has to find out why it does not go on."""
        if not self.running:
            return f"QEMU has ended: {self._error_log.read_text()[-2000:]}"
        try:
            status = self.qmp.command("query-status")["status"]
            registers = self.qmp.command("human-monitor-command", **{"command-line": "info registers -a"})
        except QmpError as error:
            return str(error)
        places = re.findall(self._board.registers, registers)
        return f"QEMU says {status}, {' '.join(places)}"

    @property
    def resets(self) -> int:
        """Resets so far, by the guest or by us; power cuts are none."""
        return self._resets_before + (self._qmp.count("RESET") if self._qmp else 0)

    @property
    def starts(self) -> int:
        """How often the firmware has started a boot entry: read from the serial log."""
        return self.console.count(STARTED)

    def wait_for_reset(self, timeout: float = 60) -> None:
        """Waits until the machine resets once more than it had when this was called."""
        before = self.resets
        deadline = time.monotonic() + timeout
        while self.resets == before:
            if time.monotonic() > deadline or not self.running:
                raise MachineError(f"no reset within {timeout:.0f} s")
            time.sleep(0.05)

    # --- inside ------------------------------------------------------------------------------------------

    def _wait_for(self, question: str, wanted: str, *before: str) -> None:
        """Until QEMU answers the question with the wanted status, as long as it has one of those before it."""
        while (status := self.qmp.command(question).get("status", before[0])) != wanted:
            if status not in before:
                raise MachineError(f"{question}: {status}: {self._error_log.read_text()[-2000:]}")
            time.sleep(0.02)

    def _collect(self) -> None:
        """After QEMU has ended: nothing of it stays behind."""
        if self._process is not None:
            self._process.wait()
        if self._qmp is not None:
            self._resets_before += self._qmp.count("RESET")
            self._qmp.close()
        self._process = self._qmp = None
        self.console.close()
        self.commands.close()
        if self._tpm:
            self._tpm.stop()

    @property
    def _error_log(self) -> Path:
        return self.folder / "qemu.log"

    def _command(self, descriptors: list[int], saved: Path | None) -> list[str]:
        hardware = self.hardware
        threads = "single" if hardware.counted else "multi"  # QEMU counts in one thread only
        command = [
            f"qemu-system-{hardware.architecture}", "-nodefaults", "-no-user-config",
            *self._board.machine(hardware.secure_boot), "-cpu", self._board.processor,
            "-accel", f"tcg,thread={threads},tb-size={TRANSLATED_MIB}",
            "-m", str(hardware.memory), "-smp", str(hardware.cpus), "-display", "none",
            "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={self._board.code(hardware.secure_boot)}",
            "-drive", f"if=pflash,unit=1,format=raw,file={self.flash.path}",
            "-chardev", f"socket,id=console,fd={descriptors[0]}", "-serial", "chardev:console",
            "-chardev", f"socket,id=commands,fd={descriptors[1]}", *self._board.commands,
            "-chardev", f"socket,id=qmp,fd={descriptors[2]}", "-mon", "chardev=qmp,mode=control",
            "-object", "rng-random,id=random,filename=/dev/urandom",
            "-device", "virtio-rng-pci,rng=random",
        ]
        if hardware.counted:
            command += ["-icount", "shift=0,sleep=off"]
        if saved:
            command += ["-incoming", f"exec:cat '{saved}'"]
        if hardware.clock:
            command += ["-rtc", f"base={hardware.clock},clock=host"]
        if hardware.network:
            command += ["-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net,romfile="]
        if self._tpm:
            command += self._tpm.arguments(self._board.tpm)
        for number, disk in enumerate(hardware.disks):
            command += _disk_arguments(number, disk)
        return command + hardware.extra


def _disk_arguments(number: int, disk: Path) -> list[str]:
    kind = "qcow2" if disk.suffix == ".qcow2" else "raw"
    return ["-drive", f"if=none,id=disk{number},format={kind},cache=unsafe,discard=unmap,file={disk}",
            "-device", f"virtio-blk-pci,drive=disk{number},serial=disk{number}"]

