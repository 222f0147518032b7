/* deny_list.c: what no policy and no product file can set aside (R14)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Patterns are those of fnmatch(3). Paths stand without /usr before bin, sbin, lib and lib64, where both are the same
 * folder on merged systems.
 */
#include "recovery/products/deny_list.h"

#include <fnmatch.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "recovery/safe_path.h"

static const char *const units[] = {
	/* init and the plumbing of the system */
	"systemd-*", "init.scope", "dbus*", "polkit*", "getty@*", "serial-getty@*",
	"console-getty*", "user@*", "emergency.service", "rescue.service", "kmod*", "udev*",
	"lvm2*", "dm-event*", "mdadm*", "mdmonitor*", "multipathd*", "iscsi*", "nfs-*", "rpcbind*",
	"fstrim*", "plymouth*",
	/* network and remote access */
	"ssh*", "dropbear*", "networking.service", "NetworkManager*", "network.service",
	"wpa_supplicant*", "dhcpcd*", "ifup@*", "resolvconf*", "chrony*", "ntp*", "openvpn*",
	"wg-quick@*", "tailscaled*", "cloud-*", "qemu-guest-agent*", "sssd*", "winbind*", "nslcd*",
	"oddjobd*",
	/* LSMs and integrity */
	"selinux*", "restorecond*", "mcstrans*", "apparmor*", "snapd.apparmor*", "tomoyo*", "ima*",
	"evm*", "fapolicyd*", "usbguard*", "aide*", "dailyaidecheck*", "keyutils*", "tpm2*",
	"tcsd*",
	/* audit */
	"auditd*", "audit.service", "audit-*", "audisp*",
	/* firewall */
	"firewalld*", "nftables*", "iptables*", "ip6tables*", "ufw*", "netfilter-persistent*",
	"ebtables*", "arptables*",
	/* disk encryption */
	"cryptsetup*", "clevis*", "cryptdisks*", "luks*", "blk-availability*",
	/* package manager and boot */
	"dpkg*", "apt-*", "packagekit*", "unattended-upgrades*", "dnf*", "yum*", "rpm*", "zypp*",
	"rpmdb*", "dracut*", "initramfs*", "mkinitcpio*", "grub*", "kdump*", "kexec*", "fwupd*",
	/* ourselves */
	"daruma*"
};

static const char *const packages[] = {
	/* kernel, init and what everything needs */
	"linux-image*", "linux-modules*", "linux-headers*", "linux-firmware*", "firmware-*",
	"kernel", "kernel-*", "systemd*", "libsystemd*", "udev", "init", "init-*", "sysvinit*",
	"dbus*", "kmod", "libkmod*", "util-linux*", "mount", "login", "passwd", "libc6*",
	"libc-bin", "glibc*", "bash", "dash", "coreutils*", "base-files", "base-passwd",
	"e2fsprogs*", "xfsprogs*", "btrfs-progs*", "lvm2*", "mdadm*", "dmsetup", "device-mapper*",
	"libpam*", "pam", "sudo", "polkit*", "openssl*", "libssl*", "python3*", "perl*",
	/* network and remote access */
	"openssh*", "ssh", "dropbear*", "network-manager*", "NetworkManager*", "ifupdown*",
	"iproute2", "netplan*",
	/* LSMs and integrity */
	"selinux*", "libselinux*", "policycoreutils*", "libsemanage*", "apparmor*", "libapparmor*",
	"tomoyo*", "ima-evm-utils*", "fapolicyd*", "usbguard*", "aide*", "keyutils*",
	"libkeyutils*", "tpm2*", "libtss2*",
	/* audit */
	"audit", "audit-*", "auditd", "auditd-*", "libaudit*", "audispd*",
	/* firewall */
	"firewalld*", "nftables*", "libnftables*", "iptables*", "ufw", "ebtables*", "arptables*",
	"iptables-persistent", "netfilter-persistent",
	/* disk encryption */
	"cryptsetup*", "libcryptsetup*", "clevis*", "luksmeta*",
	/* package manager and boot */
	"dpkg*", "apt", "apt-*", "libapt*", "aptitude*", "unattended-upgrades", "packagekit*",
	"rpm", "rpm-*", "librpm*", "dnf*", "libdnf*", "yum*", "zypper*", "libzypp*", "dracut*",
	"initramfs-tools*", "mkinitcpio*", "grub*", "shim*", "efibootmgr*", "libefi*",
	"kexec-tools*", "kdump*", "fwupd*",
	/* ourselves */
	"daruma*"
};

static const char *const modules[] = {
	/* storage and file systems */
	"dm_mod", "dm_crypt", "dm_verity", "dm_integrity", "dm_multipath", "dm_snapshot",
	"dm_mirror", "raid*", "md_mod", "ext[234]", "jbd2", "mbcache", "xfs", "btrfs", "zfs",
	"f2fs", "vfat", "fat", "nls_*", "overlay", "squashfs", "erofs", "isofs", "fuse", "loop",
	"nfs*", "lockd", "sunrpc", "9p*",
	/* hardware */
	"virtio*", "nvme*", "ahci", "libahci*", "libata", "ata_*", "sd_mod", "sr_mod", "scsi_*",
	"mmc_*", "sdhci*", "usb*", "xhci*", "ehci*", "hid", "hid_*", "i2c_*", "pci*", "vmw_*",
	"hv_*", "xen*",
	/* network and firewall */
	"nf_*", "nft_*", "nfnetlink*", "ip_tables", "ip6_tables", "iptable_*", "ip6table_*",
	"x_tables", "xt_*", "ebtable*", "bridge", "br_netfilter", "bpfilter", "tcp_*", "ipv6",
	"8021q", "bonding", "tun", "wireguard", "e1000*", "igb*", "ixgbe*", "i40e*", "mlx*",
	"bnxt*", "tg3", "r8169",
	/* LSMs, integrity, encryption */
	"selinux", "apparmor", "tomoyo", "smack", "yama", "loadpin", "lockdown", "integrity", "ima",
	"evm", "landlock", "trusted", "encrypted_keys", "tpm*", "aes*", "crypto*", "cbc", "xts",
	"sha*", "algif_*", "af_alg",
	/* patches of the kernel itself */
	"kpatch_*", "livepatch_*", "lkp_*",
	/* evidence and the rest */
	"efivarfs", "efi_pstore", "pstore*", "ramoops", "msr", "watchdog", "softdog", "iTCO_wdt",
	"ipmi_*", "binfmt_misc", "autofs4", "configfs", "rng_core", "kvm*", "drm*", "daruma*"
};

/* Trees that nothing of a product may be in, contain or be. */
static const char *const trees[] = {
	/* the system's own roots, and what belongs to users (R29) */
	"/boot", "/efi", "/dev", "/proc", "/sys", "/run", "/tmp", "/home", "/var/home", "/usr/home",
	"/export", "/root", "/srv", "/mnt", "/media", "/lost+found", "/var/tmp", "/var/mail",
	/* the same on image based systems, whose root has links to them */
	"/var/roothome", "/var/srv", "/var/mnt", "/sysroot", "/ostree", "/var/run", "/var/lock",
	"/var/backups", "/var/log/journal", "/var/log/audit",
	/* init, package manager and their like */
	"/lib/systemd", "/lib/udev", "/lib/dracut", "/lib/modprobe.d", "/lib/sysctl.d",
	"/lib/firmware", "/lib/apt", "/lib/dpkg", "/lib/rpm", "/lib/security", "/lib/openssh",
	"/lib/apparmor", "/lib/cryptsetup", "/lib/daruma", "/lib/x86_64-linux-gnu/security",
	"/lib64/security", "/lib/modules/*/kernel", "/usr/share/initramfs-tools",
	"/usr/share/daruma", "/usr/share/selinux", "/usr/share/apparmor", "/usr/share/polkit-1",
	"/usr/share/dbus-1", "/usr/share/dpkg", "/usr/share/keyrings",
	/* settings of the system */
	"/etc/systemd", "/etc/udev", "/etc/ssh", "/etc/pam.d", "/etc/security", "/etc/sudoers",
	"/etc/sudoers.d", "/etc/selinux", "/etc/apparmor", "/etc/apparmor.d", "/etc/audit",
	"/etc/audisp", "/etc/ima", "/etc/keys", "/etc/fapolicyd", "/etc/usbguard", "/etc/aide",
	"/etc/firewalld", "/etc/nftables.conf", "/etc/nftables", "/etc/iptables", "/etc/ufw",
	"/etc/crypttab", "/etc/cryptsetup-initramfs", "/etc/apt", "/etc/dpkg", "/etc/rpm",
	"/etc/yum.repos.d", "/etc/dnf", "/etc/yum", "/etc/zypp", "/etc/initramfs-tools",
	"/etc/dracut.conf", "/etc/dracut.conf.d", "/etc/kernel", "/etc/grub.d",
	"/etc/default/grub*", "/etc/daruma", "/etc/fstab", "/etc/passwd", "/etc/shadow",
	"/etc/group", "/etc/gshadow", "/etc/hosts", "/etc/hostname", "/etc/machine-id",
	"/etc/os-release", "/etc/ld.so.*", "/etc/network", "/etc/NetworkManager", "/etc/netplan",
	"/etc/resolv.conf", "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/dbus-1",
	"/etc/polkit-1", "/etc/init.d", "/etc/profile", "/etc/profile.d", "/etc/nsswitch.conf",
	"/etc/cron*", "/etc/lvm", "/etc/mdadm", "/etc/tpm2*",
	/* state of the system and of workloads */
	"/var/lib/dpkg", "/var/lib/apt", "/var/lib/rpm", "/var/lib/dnf", "/var/lib/systemd",
	"/var/lib/dbus", "/var/lib/selinux", "/var/lib/apparmor", "/var/lib/daruma",
	"/var/lib/fapolicyd", "/var/lib/usbguard", "/var/lib/aide", "/var/lib/NetworkManager",
	"/var/lib/initramfs-tools", "/var/lib/polkit-1", "/var/cache/apt", "/var/cache/ldconfig",
	"/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/mysql",
	"/var/lib/postgresql", "/var/lib/libvirt",
	/* programs */
	"/bin/bash", "/bin/dash", "/bin/sh", "/bin/apt*", "/bin/dpkg*", "/bin/rpm*", "/bin/dnf*",
	"/bin/yum*", "/bin/zypper", "/bin/systemctl", "/bin/systemd*", "/bin/journalctl",
	"/bin/loginctl", "/bin/udevadm", "/bin/kmod", "/bin/login", "/bin/mount", "/bin/su",
	"/bin/sudo", "/bin/passwd", "/bin/dbus*", "/bin/ssh*", "/bin/usbguard*", "/bin/fapolicyd*",
	"/bin/nm*", "/bin/clevis*", "/bin/tpm2*", "/bin/evmctl", "/bin/daruma*",
	/* programs of the administrator */
	"/sbin/sshd", "/sbin/init", "/sbin/modprobe", "/sbin/insmod", "/sbin/rmmod", "/sbin/depmod",
	"/sbin/audit*", "/sbin/audis*", "/sbin/augenrules", "/sbin/nft", "/sbin/iptables*",
	"/sbin/ip6tables*", "/sbin/xtables*", "/sbin/ufw", "/sbin/firewalld", "/sbin/cryptsetup",
	"/sbin/cryptdisks*", "/sbin/integritysetup", "/sbin/veritysetup", "/sbin/dmsetup",
	"/sbin/lvm*", "/sbin/fapolicyd*", "/sbin/usbguard*", "/sbin/aa-*", "/sbin/apparmor*",
	"/sbin/setenforce", "/sbin/load_policy", "/sbin/restorecon*", "/sbin/semodule",
	"/sbin/fsck*", "/sbin/e2fsck", "/sbin/mkfs*", "/sbin/grub*", "/sbin/update-*",
	"/sbin/dracut*", "/sbin/mkinitramfs", "/sbin/agetty", "/sbin/getty", "/sbin/sulogin",
	"/sbin/NetworkManager", "/sbin/dropbear*", "/sbin/kexec", "/sbin/reboot", "/sbin/shutdown",
	"/sbin/daruma*"
};

/* Folders that many packages share: a product may have files in them and must name these. */
static const char *const shared[] = {
	/* exactly these, not what is below them */
	"/",
	"/bin",
	"/sbin",
	"/lib",
	"/lib32",
	"/lib64",
	"/libx32",
	"/lib/*-linux-gnu",
	"/usr",
	"/usr/share",
	"/usr/src",
	"/usr/include",
	"/usr/libexec",
	"/usr/games",
	"/usr/local",
	"/usr/local/bin",
	"/usr/local/sbin",
	"/usr/local/lib",
	"/usr/local/lib64",
	"/usr/local/etc",
	"/usr/local/share",
	"/usr/local/src",
	"/usr/local/include",
	"/usr/local/man",
	"/usr/share/applications",
	"/usr/share/bash-completion",
	"/usr/share/doc",
	"/usr/share/fonts",
	"/usr/share/icons",
	"/usr/share/info",
	"/usr/share/locale",
	"/usr/share/man",
	"/usr/share/misc",
	"/usr/share/pixmaps",
	"/usr/share/zoneinfo",
	"/opt",
	"/etc",
	"/etc/default",
	"/etc/binfmt.d",
	"/etc/logrotate.d",
	"/etc/modprobe.d",
	"/etc/modules-load.d",
	"/etc/opt",
	"/etc/rc?.d",
	"/etc/rsyslog.d",
	"/etc/sysconfig",
	"/etc/sysctl.d",
	"/etc/tmpfiles.d",
	"/etc/xdg",
	"/etc/logcheck",
	"/var",
	"/var/lib",
	"/var/opt",
	"/var/log",
	"/var/cache",
	"/var/spool",
	"/lib/modules",
	"/lib/modules/*",
	"/lib/modules/*/updates",
	"/lib/modules/*/extra",
	"/lib/modules/*/updates/dkms"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool matches_any(const char *const *patterns, size_t count, const char *text, int flags)
{
	for (size_t i = 0; i < count; i++)
		if (fnmatch(patterns[i], text, flags) == 0)
			return true;
	return false;
}

bool deny_list_has_unit(const char *name)
{
	return matches_any(units, COUNT(units), name, 0);
}

bool deny_list_has_package(const char *name)
{
	return matches_any(packages, COUNT(packages), name, 0);
}

/* One character against the first element of a pattern; *ret_rest is what follows that. */
static bool matches_element(const char *pattern, char character, const char **ret_rest)
{
	const char *end = pattern[0] == '[' ? strchr(pattern, ']') : NULL;
	const char text[] = { character, '\0' };
	char element[16];

	*ret_rest = end ? end + 1 : pattern + 1;
	snprintf(element, sizeof(element), "%.*s", (int)(*ret_rest - pattern), pattern);
	return fnmatch(element, text, 0) == 0;
}

/* Whether a text that matches `pattern` can begin with the first `length` characters of `prefix`. */
static bool could_begin(const char *pattern, const char *prefix, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (*pattern == '*')
			return true;
		if (*pattern == '\0' || !matches_element(pattern, prefix[i], &pattern))
			return false;
	}
	return true;
}

bool deny_list_has_module(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || name[length - 1] != '*')
		return matches_any(modules, COUNT(modules), name, 0);
	for (size_t i = 0; i < COUNT(modules); i++)
		if (could_begin(modules[i], name, length - 1))
			return true;
	return false;
}

/* Whether the tree `pattern` lies below the folder `path`. */
static bool contains(const char *path, const char *pattern)
{
	size_t length = strlen(path);

	return strncmp(pattern, path, length) == 0 && pattern[length] == '/';
}

bool deny_list_has_path(const char *path)
{
	const char *plain = safe_path_without_usr(path);

	if (matches_any(shared, COUNT(shared), plain, FNM_PATHNAME) ||
	    matches_any(trees, COUNT(trees), plain, FNM_PATHNAME | FNM_LEADING_DIR))
		return true;
	for (size_t i = 0; i < COUNT(trees); i++)
		if (contains(plain, trees[i]))
			return true;
	return false;
}
