"""A TPM 2.0 for a machine: swtpm, which lives as long as the machine is on and keeps its state in its folder."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from vm.orphan import die_with_parent


class Tpm:
    def __init__(self, folder: Path) -> None:
        self._state = folder / "tpm"
        self._run: Path | None = None  # short: socket names hold 107 bytes
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        self._state.mkdir(exist_ok=True)
        self._run = Path(tempfile.mkdtemp(prefix="dvm-"))
        self._process = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self._state}",
             "--ctrl", f"type=unixio,path={self._socket}", "--flags", "startup-clear"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent)
        deadline = time.monotonic() + 10
        while not self._socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._run is not None:
            shutil.rmtree(self._run, ignore_errors=True)
            self._run = None

    def arguments(self, device: str) -> list[str]:
        """What QEMU needs to be told; `device` is the TPM's on this board."""
        return ["-chardev", f"socket,id=tpm,path={self._socket}", "-tpmdev", "emulator,id=tpm,chardev=tpm",
                "-device", f"{device},tpmdev=tpm"]

    @property
    def _socket(self) -> Path:
        assert self._run is not None
        return self._run / "tpm"
