"""A guest without an operating system: firmware, the stage, and a tiny program that plays the rest.

The disk holds an ESP with the stage, its limits and the payload in the place of a distribution's loader. The
payload does what the scenario tells it, so a boot takes seconds:

    guest = vm.osless()
    boot = guest.boot()
    assert boot.note.rung == "normal"
    boot.answer("good")
    boot.reset()
    boot = guest.boot()
"""
# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

from vm import guid
from vm.disk import ESP_TYPE, Fat, make_table
from vm.flash import NV_BS_RT
from vm.formats import Limits, Note, Record, Answer, make_limits, read_answer, read_note, read_record
from vm.load_option import add_entry
from vm.paths import EFI_NAMES, payload, stage
from vm.qemu import Hardware, Machine
from vm.verifier import Event, read_log

ESP_GUID = "5eed0001-0000-4000-8000-000000000001"
STAGE_PATH = r"\EFI\daruma\darumax64.efi"
LOADER_PATH = r"\EFI\debian\shimx64.efi"


class PayloadError(Exception):
    """The firmware refused what the payload was told to do. `status` is the EFI status without its top bit."""

    def __init__(self, command: str, status: int) -> None:
        super().__init__(f"{command}: EFI status {status}")
        self.status = status


class Osless:
    """Made through vm.osless(), see scenario.py. With daruma=False the firmware starts the payload directly."""

    def __init__(self, folder: Path, *, daruma: bool = True, limits: Limits | None = None,
                 esp_guid: str = ESP_GUID, esp_size: int = 40, architecture: str = "x86_64", **hardware: object) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.id = guid.short_id(esp_guid)
        disk = folder / "disk.raw"
        self.partition = make_table(disk, [(ESP_TYPE, esp_guid, esp_size)])[0]
        self.esp = Fat(disk, self.partition)
        self.esp.format()
        self.loader_path, self.stage_path = (path.replace("x64", EFI_NAMES[architecture]) for path in (LOADER_PATH, STAGE_PATH))
        self.esp.write(on_esp(self.loader_path), payload(architecture).read_bytes())
        self.machine = Machine(folder, Hardware(disks=[disk], architecture=architecture, **hardware))
        self.flash = self.machine.flash
        self._esp_guid = esp_guid
        add_entry(self.flash, 2, "debian", self.partition, self.loader_path)
        if daruma:
            self.esp.write(on_esp(self.stage_path), stage(architecture).read_bytes())
            self.write_limits(limits or Limits(normal=(self.loader_path, "")))
            add_entry(self.flash, 1, "Daruma", self.partition, self.stage_path)

    def write_limits(self, limits: Limits) -> None:
        """Both copies, as `daruma policy apply` would. Only while the machine is off."""
        data = make_limits(self._esp_guid, limits)
        self.esp.write("EFI/daruma/limits.bin", data)
        self.esp.write("EFI/daruma/limits.bak", data)

    def boot(self, timeout: float = 180) -> "Boot":
        """Switches the machine on where it is off, and waits until the payload runs."""
        if not self.machine.running:
            self.machine.start()
        self.machine.commands.wait_for(r"^started\n", timeout)
        return Boot(self)

    def power_cut(self) -> None:
        self.machine.power_cut()

    # --- the three variables, from outside ---------------------------------------------------------------

    def name(self, kind: str) -> str:
        """Full name of "Record", "Answer" or "Boot" of this installation."""
        return f"Daruma{kind}-{self.id}"

    def record(self) -> Record:
        return read_record(self.flash.read(self.name("Record")).data)

    def last_answer(self) -> Answer:
        return read_answer(self.flash.read(self.name("Answer")).data)


class Boot:
    """One boot that has reached the payload."""

    def __init__(self, guest: Osless) -> None:
        self.guest = guest
        data = self.get(guest.name("Boot"))
        self.note: Note | None = read_note(data) if data is not None else None

    def command(self, command: str, timeout: float = 90) -> list[str]:
        """Lines the payload answered. Raises PayloadError."""
        channel = self.guest.machine.commands
        start = channel.position
        channel.send(command + "\n")
        end = channel.wait_for(r"^(ok|error (\d+))\n", timeout)
        if end[2]:
            raise PayloadError(command, int(end[2]))
        return channel.text[start : end.start()].split("\n")[:-1]

    # --- variables ---------------------------------------------------------------------------------------

    def get(self, name: str, vendor: str = guid.DARUMA) -> bytes | None:
        """Data of a variable as the running program sees it; None where there is none."""
        found = self.get_with_attributes(name, vendor)
        return None if found is None else found[1]

    def get_with_attributes(self, name: str, vendor: str = guid.DARUMA) -> tuple[int, bytes] | None:
        try:
            lines = self.command(f"get {name} {guid.to_bytes(vendor).hex()}")
        except PayloadError as error:
            if error.status == 14:  # EFI_NOT_FOUND
                return None
            raise
        _, attributes, data = next(line for line in lines if line.startswith("value")).split(" ")
        return int(attributes), bytes.fromhex(data)

    def set(self, name: str, data: bytes, vendor: str = guid.DARUMA, attributes: int = NV_BS_RT) -> None:
        self.command(f"set {name} {guid.to_bytes(vendor).hex()} {attributes} {data.hex() or '-'}")

    def names(self, vendor: str = guid.DARUMA) -> list[str]:
        lines = self.command(f"names {guid.to_bytes(vendor).hex()}")
        return [line.removeprefix("name ") for line in lines if line.startswith("name ")]

    # --- the TPM, of a guest with tpm=True ---------------------------------------------------------------

    def tpm(self, command: bytes) -> bytes:
        """Sends one command to the TPM; the response has the TPM's own code."""
        return self._bytes_of("response", f"tpm {command.hex()}")

    def events(self) -> list[Event]:
        """The firmware's log of measurements."""
        return read_log(self._bytes_of("log", "eventlog"))

    def _bytes_of(self, name: str, command: str) -> bytes:
        line = next(line for line in self.command(command) if line.startswith(name + " "))
        return bytes.fromhex(line.removeprefix(name + " "))

    # --- what an operating system does -------------------------------------------------------------------

    def answer(self, result: str = "none", *, boot_id: bytes | None = None, attributes: int = NV_BS_RT,
               **fields: object) -> None:
        """Writes the answer: result none, good, clean or hibernated; fields are changed, accused (bool),
        previous, request (words), healthy (minutes), argument (16 bytes)."""
        if boot_id is None:
            boot_id = self.note.boot_id if self.note else bytes(16)
        words = [f"boot={boot_id.hex()}", f"result={result}"]
        words += [f"{key}={_as_word(value)}" for key, value in fields.items()]
        self.command(f"answer {self.guest.name('Answer')} {attributes} {' '.join(words)}")

    def crash_dump(self, seconds: int, count: int = 1, parts: int = 3) -> None:
        """Leaves what efi-pstore leaves after a panic at that Unix time."""
        for part in range(1, parts + 1):
            self.set(f"dump-type0-{part}-{count}-{seconds}-C", bytes(range(200)), guid.CRASH)

    def clear_crash_dumps(self) -> None:
        """As systemd-pstore does."""
        for name in self.names(guid.CRASH):
            self.set(name, b"", guid.CRASH)

    def enter_run_time(self) -> None:
        """Leaves boot services: from here on only run-time variables exist, as for an operating system."""
        self.command("runtime")

    # --- how it ends -------------------------------------------------------------------------------------

    def reset(self, kind: str = "cold") -> None:
        self.guest.machine.commands.send(f"reset {kind}\n")

    def power_off(self, timeout: float = 30) -> None:
        self.guest.machine.commands.send("reset off\n")
        self.guest.machine.wait_off(timeout)

    def power_cut(self) -> None:
        self.guest.machine.power_cut()

    def leave(self, status: int = 0) -> None:
        """Returns to whoever started the payload, with an EFI status: 0 success, else an error."""
        self.guest.machine.commands.send(f"exit {status}\n")
        self.guest.machine.commands.wait_for(r"^ok\n", 30)


def on_esp(path: str) -> str:
    """A path of the firmware, as Fat takes it."""
    return path.strip("\\").replace("\\", "/")


def _as_word(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(int(value)) if isinstance(value, bool) else str(value)
