"""Unit tests of flash.py: on the firmware's empty store, and on one that a guest has written."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import lzma
import tempfile
import unittest
from pathlib import Path

from vm import guid
from vm.board import AAVMF_SIZE, board
from vm.flash import ADDED, DELETED, NV_BS, NV_BS_RT, Flash, FlashError, WriteCount
from vm.formats import FormatError, read_answer
from vm.load_option import Partition, add_entry, boot_order, titles_in_order

WRITTEN = Path(__file__).parent / "testdata" / "guest.fd.xz"  # five boots of the OS-less guest, one power cut
EMPTY = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")
ANSWER = "DarumaAnswer-5eed0001"


class FlashTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.written = Flash(Path(folder.name) / "written.fd")
        self.written.path.write_bytes(lzma.decompress(WRITTEN.read_bytes()))
        self.empty = Flash(Path(folder.name) / "empty.fd")
        self.empty.path.write_bytes(EMPTY.read_bytes())

    def test_empty_store_has_no_record(self) -> None:
        self.assertEqual(self.empty.records(), [])
        self.assertIsNone(self.empty.find("BootOrder", guid.GLOBAL))

    def test_reads_what_the_guest_wrote(self) -> None:
        variable = self.written.read(ANSWER)
        self.assertEqual((variable.attributes, len(variable.data)), (NV_BS_RT, 64))
        answer = read_answer(variable.data)
        self.assertEqual((answer.result, answer.previous, answer.changed), ("good", "panic", True))
        self.assertEqual(answer.healthy_minutes, 11)

    def test_counts_all_writes_of_a_name(self) -> None:
        states = [v.state for v in self.written.records() if v.name == ANSWER]
        self.assertEqual(len(states), 5)
        self.assertEqual(states.count(ADDED), 1)

    def test_finds_crash_dumps(self) -> None:
        dumps = [v for v in self.written.variables() if v.vendor == guid.CRASH]
        self.assertEqual([v.name.split("-")[2] for v in dumps], ["1", "2", "3"])

    def test_boot_entries_by_title(self) -> None:
        self.assertEqual(titles_in_order(self.written)[0], "debian")

    def test_set_read_replace_delete(self) -> None:
        for flash in (self.empty, self.written):
            flash.set("One", b"first", attributes=NV_BS)
            flash.set("One", b"second", attributes=NV_BS)
            self.assertEqual(flash.read("One").data, b"second")
            self.assertEqual(flash.read("One").attributes, NV_BS)
            self.assertEqual([v.state for v in flash.records() if v.name == "One"], [ADDED & DELETED, ADDED])
            flash.delete("One")
            self.assertIsNone(flash.find("One"))

    def test_same_name_of_another_vendor_is_another_variable(self) -> None:
        self.empty.set("One", b"ours")
        self.empty.set("One", b"theirs", guid.GLOBAL)
        self.assertEqual(self.empty.read("One").data, b"ours")

    def test_corrupt_changes_in_place(self) -> None:
        count = len(self.written.records())
        self.written.corrupt(ANSWER, 24, b"\x02")
        self.assertEqual(len(self.written.records()), count)
        with self.assertRaises(FormatError):
            read_answer(self.written.read(ANSWER).data)

    def test_corrupt_stays_inside(self) -> None:
        with self.assertRaises(FlashError):
            self.written.corrupt(ANSWER, 60, bytes(5))

    def test_write_in_transition_is_still_found(self) -> None:
        self.empty.set("One", b"old")
        self.empty._patch(self.empty.read("One").offset + 2, bytes([ADDED & 0xFE]))
        self.assertEqual(self.empty.read("One").data, b"old")

    def test_what_follows_a_name_that_was_cut_is_still_found(self) -> None:
        self.empty.set("Cut", b"never written whole")
        self.empty.set("One", b"old")
        cut = self.empty.read("Cut")
        self.empty._patch(cut.data_offset - 2, b"\xff\xff")
        self.empty._patch(cut.offset + 2, b"\x7f")  # VAR_HEADER_VALID_ONLY
        self.assertEqual(self.empty.read("One").data, b"old")
        self.assertIsNone(self.empty.find("Cut"))

    def test_store_in_a_larger_chip(self) -> None:
        board("aarch64").fill_store(None, self.empty.path)
        self.test_empty_store_has_no_record()
        self.test_added_entry_comes_first()
        self.assertEqual(self.empty.path.stat().st_size, AAVMF_SIZE)
        self.test_full_store_is_refused()

    def test_full_store_is_refused(self) -> None:
        with self.assertRaises(FlashError):
            self.empty.set("Large", bytes(self.empty.free_space()))

    def test_what_is_no_store_is_refused(self) -> None:
        self.empty.path.write_bytes(bytes(4096))
        with self.assertRaises(FlashError):
            self.empty.records()

    def test_write_count(self) -> None:
        count = WriteCount(self.written)
        self.assertEqual(count.total(), 0)
        self.written.set(ANSWER, b"new")
        self.written.set("Other", b"new")
        self.assertEqual((count.of("DarumaAnswer"), count.total(), count.reclaims), (1, 2, 0))

    def test_write_count_over_a_reclaim(self) -> None:
        count = WriteCount(self.written)
        kept = [v for v in self.written.variables() if v.name != ANSWER]
        self.written.path.write_bytes(EMPTY.read_bytes())
        for v in kept:
            self.written.set(v.name, v.data, v.vendor, v.attributes)
        self.written.set(ANSWER, b"new")
        self.assertEqual((count.of("DarumaAnswer"), count.reclaims), (1, 1))

    def test_added_entry_comes_first(self) -> None:
        partition = Partition(1, 2048, 4096, "5eed0001-0000-4000-8000-000000000001")
        for number, title in ((2, "debian"), (1, "Daruma"), (2, "debian")):
            add_entry(self.empty, number, title, partition, r"\EFI\x.efi")
        self.assertEqual(boot_order(self.empty), [2, 1])
        self.assertEqual(titles_in_order(self.empty), ["debian", "Daruma"])


if __name__ == "__main__":
    unittest.main()
