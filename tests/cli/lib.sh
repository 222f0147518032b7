# lib.sh: what the cases of tests/cli are written with
# SPDX-License-Identifier: LGPL-2.1-or-later
# The current folder is fresh: vars/ holds EFI variables, root/ is the system, esp/ the EFI system partition.

id=2e8f19a4
boot=11112222333344445555666677778888
kernel_boot=aaaabbbbccccddddeeeeffff00001111
# What a row of `boot` is given here; the rest is NULL.
boot_columns=id,boot_id,kernel_boot_id,time,rung,reason,previous_ending,kernel,panics,resets,incident
boot_columns=$boot_columns,outcome,outcome_time,crash_function,crash_module,crash_class
EFIVARFS_PATH=$PWD/vars/
export EFIVARFS_PATH

mkdir -p vars root/etc root/proc/sys/kernel/random root/usr/share/daruma root/var/lib/daruma root/run esp/EFI/daruma
echo 0123456789abcdef0123456789abcdef >root/etc/machine-id
printf 'ID=debian\nVERSION_ID="12"\n' >root/etc/os-release
echo aaaabbbb-cccc-dddd-eeee-ffff00001111 >root/proc/sys/kernel/random/boot_id
echo 10 >root/proc/sys/kernel/panic
echo 0 >root/proc/sys/kernel/panic_on_oops
echo 1000.00 900.00 >root/proc/uptime
echo quiet >root/proc/cmdline
cp "$HERE/../../policy/policy.json" root/usr/share/daruma/policy.json

# The tool on these folders.
daruma() {
	"$TOOL" --root="$PWD/root" --esp-path="$PWD/esp" "$@"
}

# Runs it, showing the command, its output and its exit status.
try() {
	echo "\$ $*"
	"$@"
	echo "[$?]"
}

# make-variable, in its folder: note, answer, read-answer, limits ... with KEY=VALUE.
variable() {
	"$PYTHON" -I -S "$HERE/make-variable" "$@"
}

note() {
	variable note vars "id=$id" "boot_id=$boot" "$@"
}

answer() {
	variable answer vars "id=$id" "boot_id=$boot" "$@"
}

# What the firmware stage would read.
stored_answer() {
	variable read-answer vars "id=$id"
}

limits() {
	variable limits esp/EFI/daruma "install=a4198f2e$(printf 'c3%.0s' 1 2 3 4 5 6 7 8 9 10 11 12)" "$@"
}

# state.db with its tables and nothing in them, then the SQL on standard input.
state() {
	mkdir -p other
	variable note other id=99999999 boot_id=$boot
	[ -e root/var/lib/daruma/state.db ] ||
		EFIVARFS_PATH=$PWD/other/ "$TOOL" -q --root="$PWD/root" set-oneshot normal
	{
		echo 'DELETE FROM event;'
		cat
	} | variable sql root/var/lib/daruma/state.db
}

# Prints the result of a query, a row a line.
query() {
	echo "$1" | variable sql root/var/lib/daruma/state.db
}

# Boots of a whole incident: good, two panics, safe, repaired, good.
incident() {
	state <<-END
		INSERT INTO boot($boot_columns) VALUES(1,'00000000000000000000000000000001','k1',1000000,'normal','ordinary','good','6.1.0',0,0,0,'good',1000120,NULL,NULL,NULL);
		INSERT INTO boot($boot_columns) VALUES(2,'00000000000000000000000000000002','k2',1001000,'normal','ordinary','late','6.1.0',0,0,0,'panic',1001100,'acme_parse','acme_sensor','panic');
		INSERT INTO boot($boot_columns) VALUES(4,'00000000000000000000000000000003','',1001300,'unknown','unknown','unknown','',0,0,0,'panic',1001300,'acme_parse','acme_sensor','panic');
		INSERT INTO boot($boot_columns) VALUES(3,'00000000000000000000000000000004','k4',1001200,'safe','crashes-safe','panic','6.1.0',2,0,1,'clean',1001290,NULL,NULL,NULL);
		INSERT INTO boot($boot_columns) VALUES(5,'$boot','$kernel_boot',1001400,'trial','repaired','clean','6.1.0',2,0,1,'good',1001520,NULL,NULL,NULL);
		INSERT INTO incident VALUES(1,1001010,1001520,'panic','acme','healthy');
		INSERT INTO change VALUES(1,'00000000000000000000000000000004','acme','content','/opt/acme/content/table.bin','modified','$(printf '1%.0s' $(seq 64))','$(printf '2%.0s' $(seq 64))',1000900);
		INSERT INTO action(id,time,boot_id,product,kind,path,set_name,step,sha256,replaced_by,attributes,reason,step_time) VALUES(1,1001250,'00000000000000000000000000000004','acme','content','/opt/acme/content/table.bin','main','done','$(printf '2%.0s' $(seq 64))','$(printf '1%.0s' $(seq 64))','{}','it changed since the last good boot',1001251);
		INSERT INTO event VALUES(1,'e1',1001010,'boot.failed','$(printf '0%.0s' $(seq 64))','{"schema":"daruma.event.v1","id":"e1","seq":1,"time":"1970-01-12T14:03:30.000Z","event":"boot.failed","severity":"error","boot_id":"00000000000000000000000000000003"}');
	END
}

# What is written next lands in one second, so that its order is that of the paths, however busy the machine is.
same_second() {
	while [ "$(date +%3N)" -gt 500 ]; do sleep 0.05; done
}

# A watched product with a module for two kernels, code, and a content set; a good boot; then an update of all but the code.
acme() {
	mkdir -p root/etc/daruma/products.d root/opt/acme/content root/opt/acme/bin root/usr/lib/modules/6.1.0-1/updates root/usr/lib/modules/6.1.0-2/updates
	ln -s usr/lib root/lib
	cat >root/etc/daruma/products.d/acme.json <<-END
		{"schema":"daruma.product.v1","id":"acme","vendor":"Acme","product":"Sensor","modules":["acme_sensor"],
		 "code_paths":["/opt/acme/bin"],
		 "content_sets":[{"name":"main","path":"/opt/acme/content","manifest":"/opt/acme/content/MANIFEST"}]}
	END
	for file in opt/acme/content/table.bin opt/acme/content/MANIFEST opt/acme/bin/acmed \
		usr/lib/modules/6.1.0-1/updates/acme-sensor.ko usr/lib/modules/6.1.0-2/updates/acme-sensor.ko; do
		echo "good $file" >root/$file
	done
	note
	daruma -q mark-good
	same_second
	for file in opt/acme/content/table.bin opt/acme/content/MANIFEST opt/acme/content/new.bin \
		usr/lib/modules/6.1.0-1/updates/acme-sensor.ko usr/lib/modules/6.1.0-2/updates/acme-sensor.ko; do
		echo "updated $file" >root/$file
	done
}

# crash FUNCTION [MODULE]: the kernel's report of a crash, as systemd-pstore leaves it.
crash() {
	mkdir -p root/var/lib/systemd/pstore
	crashes=$((${crashes:-0} + 1))
	cat >root/var/lib/systemd/pstore/dmesg-efi-$(($(date +%s) + 60 * crashes))01001 <<-END
		Panic#1 Part1
		<1>[   42.000000] BUG: unable to handle page fault for address: ffffc90000a1b000
		<4>[   42.000001] Oops: 0000 [#1] PREEMPT SMP NOPTI
		<4>[   42.000002] CPU: 0 PID: 311 Comm: modprobe Tainted: G           OE      6.1.0-1 #1
		<4>[   42.000003] RIP: 0010:$1+0x3b/0x60${2:+ [$2]}
		<4>[   42.000004] Call Trace:
		<4>[   42.000005]  <TASK>
		<4>[   42.000006]  $1+0x3b/0x60${2:+ [$2]}
		<4>[   42.000007]  do_one_initcall+0x56/0x230
		<4>[   42.000008]  </TASK>
		<4>[   42.000009] ---[ end trace 0000000000000000 ]---
		<0>[   42.000010] Kernel panic - not syncing: Fatal exception
	END
}

# start NUMBER PREVIOUS KEY=VALUE...: the next boot of this machine, up to its guard.
start() {
	boot=0000000000000000000000000000000$1
	previous=0000000000000000000000000000000$2
	shift 2
	echo "$boot" | sed 's/\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)\(.*\)/\1-\2-\3-\4-\5/' >root/proc/sys/kernel/random/boot_id
	note "previous=$previous" "$@"
	daruma -q guard
}

# reduced_mode PRODUCT: the member of its file, and the program that it names. That tells its calls, and fails where its folder
# has a file fail-WORD. It runs in the root, so a shell is put there.
reduced_mode() {
	mkdir -p root/bin root/opt/$1/bin
	shell=$(realpath /bin/sh)
	cp "$shell" root/bin/sh
	ldd "$shell" | grep -o '/[^ ]*' | while read -r library; do cp --parents "$library" root; done
	cat >root/opt/$1/bin/ctl <<-END
		#!/bin/sh
		echo "$1 \$*" >>/opt/calls
		echo "trying \$1"
		[ ! -e /opt/$1/fail-\$1 ]
	END
	chmod 755 root/opt/$1/bin root/opt/$1/bin/ctl
	echo "\"code_paths\":[\"/opt/$1/bin\"],\"reduced_mode\":{\"enter\":[\"/opt/$1/bin/ctl\",\"light\"],\"leave\":[\"/opt/$1/bin/ctl\",\"full\"]}"
}

# Every file of that product, as it is now.
acme_files() {
	(cd root && grep -r . opt/acme usr/lib/modules | sort)
}

# A smaller one: one content set of one file, and the boot answered good.
small_product() {
	mkdir -p root/etc/daruma/products.d root/opt/acme/content
	echo '{"schema":"daruma.product.v1","id":"acme","vendor":"Acme","product":"Sensor","content_sets":[{"name":"main","path":"/opt/acme/content"}]}' >root/etc/daruma/products.d/acme.json
	echo good >root/opt/acme/content/table.bin
	note
	daruma -q mark-good
}

# initramfs FILE INSIDE=INSTALLED...: an archive of these files, below root/.
initramfs() {
	"$PYTHON" -I -S -c '
import sys
def entry(name, data, mode):
    numbers = [0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % number for number in numbers) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
names = (pair.split("=") for pair in sys.argv[2:])
data = b"".join(entry(inside, open("root" + installed, "rb").read(), 0o100755) for inside, installed in names)
open(sys.argv[1], "wb").write(data + entry("TRAILER!!!", b"", 0))' "$@"
}

# What an image is made of: the stub of this system, and a kernel and an initramfs that has the installed programs in it.
image_parts() {
	scripts=/usr/share/initramfs-tools/scripts
	mkdir -p root/boot root/usr/lib/systemd/boot/efi root/usr/lib/daruma root/usr/bin root/etc/daruma \
		root$scripts/init-top root$scripts/local-bottom root$scripts/init-bottom
	cp "/usr/lib/systemd/boot/efi/linuxx64.efi.stub" root/usr/lib/systemd/boot/efi/
	echo 'MZ a kernel' >"root/boot/vmlinuz-$KERNEL"
	echo 'BOOT_IMAGE=/boot/vmlinuz root=UUID=a ro break=top resume=UUID=b quiet panic=10' >root/proc/cmdline
	printf 'module acme_sensor\nunit acme.service\n' >root/etc/daruma/hold
	for file in /usr/lib/daruma/daruma-initramfs /usr/lib/daruma/daruma-rescue /usr/bin/daruma \
		$scripts/init-top/daruma $scripts/local-bottom/daruma $scripts/init-bottom/daruma; do
		echo "$file" >root$file
	done
	initramfs "root/boot/initrd.img-$KERNEL" usr/lib/daruma/daruma=/usr/bin/daruma \
		usr/lib/daruma/daruma-rescue=/usr/lib/daruma/daruma-rescue \
		usr/lib/daruma/daruma-initramfs=/usr/lib/daruma/daruma-initramfs \
		scripts/init-top/daruma=$scripts/init-top/daruma scripts/local-bottom/daruma=$scripts/local-bottom/daruma \
		scripts/init-bottom/daruma=$scripts/init-bottom/daruma
}

# key NAME: NAME.key and NAME.crt.
key() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt" 2>openssl.log ||
		cat openssl.log
}

secure_boot() {
	printf '\006\000\000\000\001' >vars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
}

# trust NAME: the firmware has that certificate in db.
trust() {
	openssl x509 -in "$1.crt" -outform DER -out "$1.der"
	"$PYTHON" -I -S -c '
import struct, sys
der = open(sys.argv[1], "rb").read()
head = bytes.fromhex("a159c0a5e494a74a87b5ab155c2bf072") + struct.pack("<III", 28 + 16 + len(der), 0, 16 + len(der))
sys.stdout.buffer.write(b"\6\0\0\0" + head + bytes(16) + der)' "$1.der" >vars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f
}
