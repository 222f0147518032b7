"""Unit tests of ext4.py: what is written from outside arrives, and the file system stays sound."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import subprocess
import tempfile
import unittest
from pathlib import Path

from vm.disk import LINUX_TYPE, SECTOR, DiskError, make_table
from vm.ext4 import Ext4

IDENTITY = "5eed0002-0000-4000-8000-000000000002"


class Ext4Test(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.disk = self.folder / "disk.raw"
        self.partition = make_table(self.disk, [(LINUX_TYPE, IDENTITY, 16)])[0]
        tree = self.folder / "tree"
        (tree / "etc").mkdir(parents=True)
        (tree / "etc" / "old").write_bytes(b"old")
        self.ext4 = Ext4(self.disk, self.partition)
        self.ext4.make(tree, IDENTITY, "root")

    def is_sound(self) -> bool:
        device = f"{self.disk}?offset={self.partition.first_sector * SECTOR}"
        return subprocess.run(["e2fsck", "-fn", device], capture_output=True, check=False).returncode == 0

    def test_reads(self) -> None:
        self.assertEqual(self.ext4.read("/etc/old"), b"old")
        with self.assertRaises(DiskError):
            self.ext4.read("/etc/nothing")

    def test_writes_again_and_again_into_folders_that_exist(self) -> None:
        for number in range(5):
            for name in ("/etc/old", "/etc/new", "/opt/deep/below/file"):
                self.ext4.write(name, b"%d" % number)
                self.assertEqual(self.ext4.read(name), b"%d" % number)
        self.assertTrue(self.is_sound())

    def test_writes_links_and_modes(self) -> None:
        tree = self.folder / "more"
        (tree / "bin").mkdir(parents=True)
        (tree / "bin" / "tool").write_bytes(b"#!/bin/sh\n")
        (tree / "bin" / "tool").chmod(0o755)
        (tree / "bin" / "link").symlink_to("tool")
        self.ext4.write_tree(tree)
        self.assertTrue(self.ext4.exists("/bin/link"))
        self.assertTrue(self.is_sound())

    def test_deletes(self) -> None:
        self.ext4.delete("/etc/old")
        self.assertFalse(self.ext4.exists("/etc/old"))
        self.assertTrue(self.is_sound())


if __name__ == "__main__":
    unittest.main()
