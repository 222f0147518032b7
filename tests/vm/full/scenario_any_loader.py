"""In front of loaders other than GRUB: a bad update heals, and the safe profile of the same system starts on request, with
the loader started as its own boot entry starts it, options and all."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from vm.boots import PANIC, boots, wait_until_recovered
from vm.load_option import titles_in_order
from vm.loader import KERNEL_ITSELF, SYSTEMD_BOOT, UNIFIED_IMAGE
from vm.prepared import GOOD
from vm.product import Product, bad_content

TIME_LIMIT = 2400
LOADER_INFO = "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"


def heals(vm, loader):
    """The guest, healthy again in an ordinary start."""
    product = Product()
    guest = vm.watched(product, loader=loader)
    guest.boot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    assert titles_in_order(guest.flash)[:2] == ["Daruma", loader.title], titles_in_order(guest.flash)
    assert boots(guest)[-1].entry == "Daruma", boots(guest)[-1].entry
    assert guest.check("cat /proc/cmdline").strip().endswith(guest.disk.options), guest.check("cat /proc/cmdline")

    first = len(boots(guest)) - 1
    product.push(guest, bad_content())
    guest.console.wait_for(PANIC, 240)
    wait_until_recovered(guest, lambda g: g.run(GOOD).status == 0 and product.is_running(g, revision=1), say=vm.say)
    story = boots(guest)[first:]
    assert [(boot.rung, boot.panicked) for boot in story] == [("normal", True), ("normal", False)], \
        [boot.words for boot in story]

    guest.check("daruma -y set-oneshot safe")
    guest.reboot(until="daruma-safe.target")
    assert guest.note().rung == "safe" and guest.run("daruma is-safe").status == 0, guest.note()
    guest.check("daruma -y set-oneshot normal")
    guest.reboot(until="multi-user.target")
    guest.wait_until(GOOD, 300)
    assert product.is_running(guest) and not guest.note().troubles, guest.note()
    return guest


def run_systemd_boot(vm):
    """systemd-boot with an entry of its own on the ESP."""
    guest = heals(vm, SYSTEMD_BOOT)
    assert "systemd-boot" in guest.check(f"tr -d '\\0' <{LOADER_INFO}")


def run_unified_image(vm):
    """A unified image: kernel, initramfs and command line in one file."""
    guest = heals(vm, UNIFIED_IMAGE)
    assert guest.run(f"test -e {LOADER_INFO}").status != 0


def run_kernel_itself(vm):
    """The kernel as an EFI program, which finds its initramfs and its root by the options of its boot entry alone."""
    guest = heals(vm, KERNEL_ITSELF)
    assert guest.check("cat /proc/cmdline").startswith("initrd=")
