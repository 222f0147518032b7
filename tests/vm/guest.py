"""A full guest: Debian in a machine, with a command channel inside.

    guest = vm.guest(disk)
    guest.boot()
    guest.check("systemctl is-active cron")
    guest.console.wait_for("Kernel panic", 60)
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
import base64
import itertools
import time
from dataclasses import dataclass
from pathlib import Path

from vm import guid
from vm.channel import Channel, ChannelError
from vm.debian import Disk
from vm.formats import Answer, Note, Record, read_answer, read_note, read_record
from vm.load_option import add_entry, boot_order
from vm.qemu import Hardware, Machine

LOADER_ENTRY = 2
AGENT = r"^agent ([0-9a-f-]{36})\n"


class GuestError(Exception):
    """The guest did not do what was asked for."""


@dataclass(frozen=True)
class Output:
    status: int
    stdout: str
    stderr: str


class Guest:
    """Made through vm.guest(), see scenario.py."""

    def __init__(self, folder: Path, disk: Disk, *, memory: int = 1024, cpus: int = 1, more_disks: tuple = (),
                 **hardware: object) -> None:
        path = disk.make(folder)
        self.disk = disk
        self.id = guid.short_id(disk.esp_guid)
        self.machine = Machine(folder, Hardware(disks=[path, *more_disks], memory=memory, cpus=cpus, **hardware))
        self.flash = self.machine.flash
        self.console: Channel = self.machine.console
        self.boot_id = ""  # the kernel's, of the boot that was seen last
        self._numbers = itertools.count(1)
        if not boot_order(self.flash):
            loader = disk.loader
            add_entry(self.flash, LOADER_ENTRY, loader.title, disk.esp_partition, loader.path,
                      loader.options.format(options=disk.options))

    # --- boots -------------------------------------------------------------------------------------------

    def boot(self, timeout: float = 600, until: str | None = None) -> None:
        """Switches the machine on where it is off, and waits for the next boot's command channel; with
        `until`, also until that unit is active ("multi-user.target")."""
        if not self.machine.running:
            # Boots before this one that nobody waited for.
            self.machine.commands.skip()
            self.machine.start()
        deadline = time.monotonic() + timeout
        self.boot_id = self.machine.commands.wait_for(AGENT, timeout)[1]
        if until:
            self.wait_until(f"systemctl is-active --quiet {until}", deadline - time.monotonic())

    def hibernate(self, timeout: float = 120) -> None:
        """Waits until the machine is off with its image written. The disk needs swap, 1200 MiB or more."""
        self.start("systemctl hibernate")
        self.machine.wait_off(timeout)

    def resume(self, timeout: float = 300) -> None:
        """Switches a hibernated machine on; the same kernel boot goes on. Raises GuestError when a new one comes."""
        self.machine.start()
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.check("true", timeout=5)
                return
            except ChannelError:
                if time.monotonic() > deadline:
                    raise

    def reboot(self, timeout: float = 600, until: str | None = None) -> None:
        """An orderly restart by the guest itself."""
        self.start("systemctl reboot")
        self.boot(timeout, until)

    def wait_for_resume(self, timeout: float = 300) -> None:
        """After a start from a hibernation image: the agent inside is the one from before, so it is asked until it
        answers. Raises GuestError when the guest started anew instead."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.check("true", timeout=5)
                return
            except ChannelError:
                if time.monotonic() > deadline:
                    raise

    def power_off(self, timeout: float = 120) -> None:
        """An orderly end by the guest itself."""
        self.start("systemctl poweroff")
        self.machine.wait_off(timeout)

    def power_cut(self) -> None:
        self.machine.power_cut()

    # --- inside ------------------------------------------------------------------------------------------

    def run(self, command: str, timeout: float = 60) -> Output:
        """Runs a shell command as root. Raises GuestError when the guest restarts before it is done, and
        ChannelError when the time is up or the machine goes off."""
        number = next(self._numbers)
        channel = self.machine.commands
        channel.send(f"{number} {base64.b64encode(command.encode()).decode()}\n")
        found = channel.wait_for(
            rf"^begin {number} (\d+)\n((?:(?!end ).*\n)*?)errors\n((?:(?!end ).*\n)*?)end {number}\n|{AGENT}", timeout)
        if found[1] is None:
            channel.rewind(found.start())
            raise GuestError(f"the guest restarted during {command!r}")
        return Output(int(found[1]), _decoded(found[2]), _decoded(found[3]))

    def start(self, command: str) -> None:
        """Sends a command and does not wait for its end: for what takes the machine down."""
        encoded = base64.b64encode(command.encode()).decode()
        self.machine.commands.send(f"{next(self._numbers)} {encoded}\n")

    def check(self, command: str, timeout: float = 60) -> str:
        """Standard output of a command that must succeed. Raises GuestError."""
        output = self.run(command, timeout)
        if output.status != 0:
            raise GuestError(f"{command!r} ended with {output.status}: {output.stderr or output.stdout}")
        return output.stdout

    def wait_until(self, command: str, timeout: float = 300) -> None:
        """Repeats a command until it succeeds. Raises GuestError."""
        deadline = time.monotonic() + timeout
        while self.run(command).status != 0:
            if time.monotonic() > deadline:
                raise GuestError(f"{command!r} did not succeed within {timeout:.0f} s")
            time.sleep(0.5)

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        encoded = base64.encodebytes(data).decode()
        self.check(f"mkdir -p \"$(dirname {path})\" && base64 -d >{path} <<'END'\n{encoded}END\nchmod {mode:o} {path}")

    def read(self, path: str) -> bytes:
        return base64.b64decode(self.check(f"base64 {path}"))

    # --- Daruma's variables ------------------------------------------------------------------------------

    def name(self, kind: str) -> str:
        """Full name of "Record", "Answer" or "Boot" of this installation."""
        return f"Daruma{kind}-{self.id}"

    def note(self) -> Note:
        """The boot note as the running system sees it, without Daruma's tools."""
        data = self.read(f"/sys/firmware/efi/efivars/{self.name('Boot')}-{guid.DARUMA}")
        return read_note(data[4:])

    def record(self) -> Record:
        """From the flash file."""
        return read_record(self.flash.read(self.name("Record")).data)

    def last_answer(self) -> Answer:
        """From the flash file."""
        return read_answer(self.flash.read(self.name("Answer")).data)


def _decoded(lines: str) -> str:
    return base64.b64decode(lines).decode("utf-8", "replace")
