"""Tests of the runner's command line: which scenarios it finds, in the tree and outside, and what it makes of them."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from vm.runner import RESULTS

VM = Path(__file__).resolve().parent
OUTSIDE = '"""What somebody else wants to see."""\n\n\ndef run(vm):\n    vm.say(str(vm.folder))\n' \
          '    vm.say("\\x1b[2Jred")\n    assert {good}\n'


def run(*words: object) -> subprocess.CompletedProcess:
    command = [sys.executable, VM / "run", *words]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, cwd="/")


class ScenarioTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="outside-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.name = self.folder.name  # of nobody else's scenario: results go to build/vm
        self.addCleanup(shutil.rmtree, RESULTS / self.name, ignore_errors=True)

    def write(self, text: str, name: str = "") -> Path:
        file = self.folder / f"scenario_{name or self.name}.py"
        file.write_text(text)
        return file

    def test_lists_a_file_outside_the_tree(self) -> None:
        result = run("--list", self.write(OUTSIDE.format(good=True)))
        self.assertEqual((result.stdout, result.returncode), (f"{self.name}: What somebody else wants to see.\n", 0))

    def test_lists_what_is_in_a_folder_outside_the_tree(self) -> None:
        self.write(OUTSIDE.format(good=True))
        self.write('"""Two."""\n\n\ndef run_one(vm):\n    """First."""\n\n\ndef run_two(vm):\n    pass\n', "zz")
        result = run("--list", self.folder)
        self.assertEqual(result.stdout.splitlines()[1:], ["zz.one: First.", "zz.two: Two."])
        self.assertEqual(len(result.stdout.splitlines()), 3)

    def test_runs_a_file_outside_the_tree(self) -> None:
        result = run(self.write(OUTSIDE.format(good=True)))
        self.assertIn("1 passed, 0 failed", result.stdout)
        self.assertEqual(result.returncode, 0)
        log = (RESULTS / self.name / "scenario.log").read_text()
        self.assertEqual(log.splitlines()[0], str(RESULTS / self.name))
        self.assertNotIn("| ", result.stdout)

    def test_one_outside_the_tree_can_fail(self) -> None:
        result = run(self.write(OUTSIDE.format(good=False)))
        self.assertIn("0 passed, 1 failed", result.stdout)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"scenario.log ends with:\n        | {RESULTS / self.name}\n        | red\n", result.stdout)

    def test_the_longest_begins(self) -> None:
        text = OUTSIDE.format(good=True)
        names = [f"{self.name}-{limit}" for limit in (10, 30, 20)]
        files = [self.write(f"{text}\n\nTIME_LIMIT = {name[-2:]}\n", name) for name in names]
        for name in names:
            self.addCleanup(shutil.rmtree, RESULTS / name, ignore_errors=True)
        ran = [line.split()[1][-2:] for line in run(*files).stdout.splitlines()[:3]]
        self.assertEqual(ran, ["30", "20", "10"])

    def test_fewer_than_expected(self) -> None:
        result = run("--at-least", 2, self.write(OUTSIDE.format(good=True)))
        self.assertIn("only 1 scenarios, 2 expected", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_wrong_use(self) -> None:
        for path in (self.folder / "absent.py", self.write('"""No function."""\n'),
                     self.write("def run(vm):\n    pass\n", "silent")):
            result = run("--list", path)
            self.assertEqual((result.stdout, result.returncode), ("", 2), path)
            self.assertIn(str(path), result.stderr)

    def test_lists_the_examples(self) -> None:
        result = run("--list", VM / "examples")
        self.assertEqual([line.split(":")[0] for line in result.stdout.splitlines()], ["debian_tour", "osless_tour"])

    def test_all_that_make_runs_have_names_of_their_own(self) -> None:
        result = run("--list", *(VM / folder for folder in ("osless", "quick", "full", "examples")))
        self.assertEqual((result.returncode, result.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
