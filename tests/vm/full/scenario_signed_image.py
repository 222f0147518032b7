"""Safe starts of an image that the owner signed, with Secure Boot and shim: it repairs what no program of the system could, and
nothing that root of the system has written takes part in it: no unit, generator, rule or script, no initramfs and no argument
(R15, R36)."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.formats import sealed
from vm.packages import packages
from vm.paths import stage
from vm.preloaded import Preloaded, push
from vm.prepared import GOOD, POLICY_PATH, policy
from vm.product import CONTENT, bad_content, good_content
from vm.signing import Key

TIME_LIMIT = 3000
INSTALL = r"daruma install '--shim=\EFI\debian\shimx64.efi'"
PROGRAM = "/usr/lib/daruma/darumax64.efi"
PLACE = "/var/local/packages/image"
TOOLS = ["binutils", "binutils-common", "binutils-x86-64-linux-gnu", "libbinutils", "libctf0", "libctf-nobfd0", "libgprofng0",
         "libjansson4", "sbsigntool", "systemd-boot-efi"]
IMAGE = r"\EFI\daruma\good\c\image.efi"
PATH_SIZE = 256  # of a target in the limits
MARK = "written by root: "
SAY = "echo '<0>" + MARK + "%s' >/dev/kmsg"
UNIT = f"""[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/sh -c "{SAY % 'unit'}"
"""
SCRIPT = f"""#!/bin/sh
[ "$1" != prereqs ] || exit 0
{SAY}
"""
# All that root can lay out for a start. What goes into the initramfs does once that is made anew.
DROP_INS = {
    "unit": {"/etc/systemd/system/mark.service": UNIT,
             "/etc/systemd/system/sysinit.target.d/mark.conf": "[Unit]\nWants=mark.service\n",
             "/etc/systemd/system/daruma-safe.target.d/mark.conf": "[Unit]\nWants=mark.service\n"},
    "generator": {"/etc/systemd/system-generators/mark": SCRIPT % "generator"},
    "rule": {"/usr/local/lib/mark": SCRIPT % "rule",
             "/etc/udev/rules.d/00-mark.rules": 'SUBSYSTEM=="mem", KERNEL=="null", RUN+="/usr/local/lib/mark"\n'},
    "top": {"/etc/initramfs-tools/scripts/init-top/mark": SCRIPT % "top"},
    "bottom": {"/etc/initramfs-tools/scripts/local-bottom/mark": SCRIPT % "bottom"},
}


def marks(boot):
    return {name for name in DROP_INS if MARK + name in boot.text}


def make_image(guest, owner):
    guest.write("/root/owner.key", owner.key.read_bytes())
    guest.write("/root/owner.pem", owner.certificate.read_bytes())
    guest.check(f"dpkg --force-depends --force-unsafe-io -i {PLACE}/*.deb && ldconfig", timeout=600)
    guest.check("daruma image --key=/root/owner.key --certificate=/root/owner.pem && rm /root/owner.key && sync", timeout=900)
    assert "safe profile: signed" in guest.check("daruma status")


def lay_drop_ins(guest):
    for files in DROP_INS.values():
        for path, text in files.items():
            guest.write(path, text.encode())
            guest.check(f"case {path} in *.*) ;; *) chmod 755 {path} ;; esac")
    guest.check("update-initramfs -u && sync", timeout=900)


def ask_for_a_shell(esp):
    """Load options for the image, where the limits have room for them: any user of root could write that."""
    data = bytearray(esp.read("EFI/daruma/limits.bin"))
    at = data.index(IMAGE.encode()) + PATH_SIZE
    options = b"rdinit=/bin/sh break=top"
    data[at:at + len(options)] = options
    for name in ("limits.bin", "limits.bak"):
        esp.write(f"EFI/daruma/{name}", sealed(bytes(data), bytes(data[:4])))


def run(vm):
    owner = Key.made(vm.folder, "owner")
    disk = vm.disk()
    disk.install_daruma()
    disk.install(Preloaded(), early=True)
    disk.write(POLICY_PATH, policy())
    disk.write(PROGRAM, owner.sign(stage(vm.architecture)))
    for package in packages(TOOLS):
        disk.write(f"{PLACE}/{package.name}", package.read_bytes())
    guest = vm.guest(disk, secure_boot="ms")
    owner.enrol_for_shim(guest.flash)
    guest.boot(until="multi-user.target")
    guest.check(INSTALL, timeout=600)
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    make_image(guest, owner)
    lay_drop_ins(guest)
    guest.power_off()
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 400)
    assert marks(boots(guest)[-1]) == set(DROP_INS), marks(boots(guest)[-1])

    first = len(boots(guest)) - 1
    push(guest, bad_content())
    guest.console.wait_for(PANIC, 300)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0, 1500, say=vm.say)
    story = boots(guest)[first:]
    words = [boot.words for boot in story]
    # One safe start is enough, where those of the system itself would have met the same end as the rest.
    assert [boot.rung for boot in story][-2:] == ["safe", "trial"] and words.count(story[-2].words) == 1, words
    assert not story[-2].panicked and marks(story[-2]) == set(), marks(story[-2])
    assert marks(story[-1]) == set(DROP_INS), marks(story[-1])
    for name, data in good_content().items():
        assert guest.read(f"{CONTENT}/{name}") == data, name

    guest.check("daruma -y set-oneshot safe && sync")
    guest.power_off()
    ask_for_a_shell(disk.esp)
    guest.boot(until="multi-user.target")
    story = boots(guest)[-2:]
    assert [boot.rung for boot in story] == ["safe", "normal"], [boot.words for boot in story]
    assert marks(story[0]) == set() and "(initramfs)" not in story[0].text, story[0].text[-2000:]

    # A bit of it rots: it is refused, and the system's own safe profile stands in, which says so.
    guest.check("daruma -y set-oneshot safe && sync")
    guest.power_off()
    place = IMAGE.strip("\\").replace("\\", "/")
    image = bytearray(disk.esp.read(place))
    image[len(image) // 2] ^= 1
    disk.esp.write(place, bytes(image))
    guest.boot(until="daruma-safe.target")
    assert "target-refused" in guest.note().troubles, guest.note()
    assert marks(boots(guest)[-1]) & {"unit", "generator", "bottom"}, marks(boots(guest)[-1])
    assert "safe profile: unsigned" in guest.check("daruma status")
    assert "profile.image_passed" in guest.check("daruma history --json=short")
    assert "is not as it was laid" in guest.check("daruma check || true")
