# Daruma: build, check, install. Reads from top to bottom: settings, floors, programs, checks, install, help.
# SPDX-License-Identifier: LGPL-2.1-or-later

# --- settings: each may be given on the command line; user flags come last -------------------------------------

VERSION     := 0.1.0
BUILD       := build
PREFIX      ?= /usr
SYSCONFDIR  ?= /etc
LOCALSTATE  ?= /var
CC          ?= gcc
CLANG       ?= clang
WERROR      ?= 1
SANITIZE    ?=
V           ?= 0

CFLAGS      ?= -O2 -g
WARNINGS    := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
               -Wformat=2 -Wundef -Wwrite-strings
ifeq ($(WERROR),1)
WARNINGS    += -Werror
endif
ifneq ($(SANITIZE),)
SANITIZERS  := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifeq ($(V),0)
Q := @
endif

LIBRARIES   := efivar blkid libcjson sqlite3 libcrypto zlib
LIB_CFLAGS   = $(shell pkg-config --cflags $(LIBRARIES))
LIB_LDLIBS   = $(shell pkg-config --libs $(LIBRARIES))

COMMON      := -std=c11 -I. $(WARNINGS) -MMD -MP
PURE        := $(COMMON) -Wconversion -ffreestanding
LINUX       := $(COMMON) -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DDARUMA_VERSION='"$(VERSION)"' -fstack-protector-strong \
               -fPIE $(LIB_CFLAGS)

GNUEFI_INC  ?= /usr/include/efi
GNUEFI_LIB  ?= /usr/lib
# The firmware floor is built for one architecture at a time, each in a folder of its own: x86_64; aarch64, cross-built;
# riscv64, of which there is policy/ only. What differs:
ARCH        := x86_64
# x86_64: gnu-efi has the start of the program, and its layout. Microsoft calling convention, no red zone.
FIRMWARE_x86_64  := -mno-red-zone -mno-avx -maccumulate-outgoing-args -DGNU_EFI_USE_MS_ABI
WORLD_x86_64     := firmware
FILES_x86_64     := x86
START_x86_64     := $(GNUEFI_LIB)/crt0-efi-x86_64.o
LAYOUT_x86_64    := $(GNUEFI_LIB)/elf_x86_64_efi.lds
EFI_LIBS_x86_64  := -L$(GNUEFI_LIB) -lgnuefi
SECTIONS_x86_64  := .text .sdata .data .rodata .dynamic .dynsym .rel .rela '.rel.*' '.rela.*' .reloc .sbat
EFI_NAME_x86_64  := x64
# aarch64: both are ours.
FIRMWARE_aarch64 := -mgeneral-regs-only -isystem efi/architecture
WORLD_aarch64    := firmware_aarch64
FILES_aarch64    := aarch64
START_aarch64    := $(BUILD)/firmware_aarch64/efi/start_aarch64.o
LAYOUT_aarch64   := efi/image_aarch64.lds
SECTIONS_aarch64 := .text .rodata .rela .reloc .data .sbat
EFI_NAME_aarch64 := aa64
TOOLS_aarch64    := aarch64-linux-gnu-
WORLD_riscv64    := firmware_riscv64
TOOLS_riscv64    := riscv64-linux-gnu-

WORLD       := $(WORLD_$(ARCH))
TOOLS       := $(TOOLS_$(ARCH))
FIRMWARE_CC := $(if $(TOOLS),$(TOOLS)gcc,$(CC))
# 4 KiB pages, no unwinding tables.
FIRMWARE    := $(PURE) -Os -fpic -fshort-wchar -fno-stack-protector -fno-strict-aliasing -fno-asynchronous-unwind-tables \
               -fno-unwind-tables $(FIRMWARE_$(ARCH))
EFI_HEADERS := -isystem $(GNUEFI_INC) -isystem $(GNUEFI_INC)/x86_64
EFI_SIZE_MAX := 65536
# In the images' .sbat: where to look up what a revocation is about. Whoever signs images gives their own.
SBAT_URL    ?= https://example.org/daruma
EFI_DEFINES := -DDARUMA_VERSION='"$(VERSION)"' -DDARUMA_SBAT_URL='"$(SBAT_URL)"'

# Nothing here is built by a rule of make's own; to look for one takes most of a start where nothing is to be built.
MAKEFLAGS   += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# A stamp of the flags: changing them rebuilds.
FLAGS_NOW   := $(CC) $(CFLAGS) $(WARNINGS) $(SANITIZERS) $(VERSION) $(SBAT_URL)
$(shell mkdir -p $(BUILD); echo '$(FLAGS_NOW)' | cmp -s - $(BUILD)/flags || echo '$(FLAGS_NOW)' > $(BUILD)/flags)

# --- floors -----------------------------------------------------------------------------------------------------

POLICY_C    := $(wildcard policy/*.c)
EFI_C       := $(filter-out efi/hardware_% efi/start_%,$(wildcard efi/*.c))
EARLY_MAINS := $(patsubst %,recovery/early/%.c,generator initramfs rescue)
EARLY_C     := $(filter-out $(EARLY_MAINS),$(wildcard recovery/early/*.c))
RECOVERY_C  := $(filter-out recovery/main.c,$(filter-out recovery/early/%,$(wildcard recovery/*.c recovery/*/*.c)))

POLICY_HOST     := $(POLICY_C:%.c=$(BUILD)/host/%.o)
POLICY_FIRMWARE := $(POLICY_C:%.c=$(BUILD)/$(WORLD)/%.o)
EFI_FIRMWARE    := $(patsubst %.c,$(BUILD)/$(WORLD)/%.o,$(EFI_C) efi/hardware_memory.c efi/hardware_$(FILES_$(ARCH)).c)
# What only a real machine can run: tests bring their own.
EFI_REAL    := efi/main.c efi/memory.c
EFI_HOST        := $(patsubst %.c,$(BUILD)/host/%.o,$(filter-out $(EFI_REAL),$(EFI_C)))
EARLY_HOST      := $(EARLY_C:%.c=$(BUILD)/host/%.o)
RECOVERY_HOST   := $(RECOVERY_C:%.c=$(BUILD)/host/%.o)

$(BUILD)/host/policy/%.o: policy/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(PURE) -fPIE $(CFLAGS) $(SANITIZERS) -c $< -o $@

$(BUILD)/$(WORLD)/policy/%.o: policy/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(FIRMWARE_CC) $(FIRMWARE) -c $< -o $@

$(BUILD)/$(WORLD)/efi/%.o: efi/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(FIRMWARE_CC) $(FIRMWARE) $(EFI_HEADERS) $(EFI_DEFINES) -c $< -o $@

# The firmware floor for the host: against a fake firmware in tests/unit.
$(BUILD)/host/efi/%.o: efi/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(PURE) -fPIE -fshort-wchar -DGNU_EFI_USE_MS_ABI $(EFI_HEADERS) $(EFI_DEFINES) $(CFLAGS) $(SANITIZERS) -c $< -o $@

$(BUILD)/host/recovery/%.o: recovery/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINUX) $(CFLAGS) $(SANITIZERS) -c $< -o $@

$(BUILD)/libpolicy.a: $(POLICY_HOST)
$(BUILD)/libearly.a: $(EARLY_HOST)
$(BUILD)/librecovery.a: $(RECOVERY_HOST)
$(BUILD)/libefihost.a: $(EFI_HOST)
$(BUILD)/lib%.a:
	$(Q)rm -f $@ && ar rcs $@ $^

# --- programs ---------------------------------------------------------------------------------------------------

STAGE       := $(BUILD)/efi/daruma$(EFI_NAME_$(ARCH)).efi
PAYLOAD     := $(BUILD)/efi/payload$(EFI_NAME_$(ARCH)).efi
TOOL        := $(BUILD)/daruma
EARLY       := $(patsubst %,$(BUILD)/daruma-%,generator initramfs rescue)

all: $(STAGE) $(TOOL) $(EARLY) $(BUILD)/floors

# The build refuses breaches of the floors; what it printed is kept, so that it looks only where something was built.
$(BUILD)/floors: $(STAGE) $(TOOL) $(EARLY) scripts/check-floors
	$(Q)scripts/check-floors --worlds host firmware -- $(BUILD) >$@.new || { cat $@.new; exit 1; }
	$(Q)mv $@.new $@

$(BUILD)/%.so: $(START_$(ARCH)) $(LAYOUT_$(ARCH)) efi/sbat.lds
	@mkdir -p $(@D)
	$(Q)$(TOOLS)ld -nostdlib -shared -Bsymbolic -z noexecstack -z nocombreloc -z norelro -z common-page-size=4096 \
		-z max-page-size=4096 --no-warn-rwx-segments -T efi/sbat.lds -T $(LAYOUT_$(ARCH)) \
		$(filter-out %.lds,$^) $(EFI_LIBS_$(ARCH)) -o $@
	$(Q)if $(TOOLS)nm -D --undefined-only $@ | grep .; then echo "$@: undefined symbols" >&2; rm -f $@; exit 1; fi

$(STAGE:.efi=.so): $(EFI_FIRMWARE) $(POLICY_FIRMWARE)

$(BUILD)/efi/%.efi: $(BUILD)/efi/%.so
	$(Q)$(TOOLS)objcopy $(addprefix -j ,$(SECTIONS_$(ARCH))) --target=efi-app-$(ARCH) --subsystem=10 --strip-all \
		--file-alignment=4096 --section-alignment=4096 $< $@
	$(Q)scripts/mark-nx $@
	$(Q)scripts/check-image --at-most $(EFI_SIZE_MAX) $@

stage: $(STAGE) $(PAYLOAD) ## the firmware stage, and the program that plays the operating system in its tests

stage-aa64: ## both for aarch64, cross-built
	$(Q)$(MAKE) --no-print-directory ARCH=aarch64 stage

$(TOOL): $(BUILD)/host/recovery/main.o $(BUILD)/librecovery.a $(BUILD)/libearly.a $(BUILD)/libpolicy.a
	$(Q)$(CC) $(CFLAGS) $(SANITIZERS) -pie $^ $(LIB_LDLIBS) $(LDFLAGS) -o $@

$(BUILD)/daruma-%: $(BUILD)/host/recovery/early/%.o $(BUILD)/libearly.a $(BUILD)/libpolicy.a
	$(Q)$(CC) $(CFLAGS) $(SANITIZERS) -pie $^ $(LDFLAGS) -o $@

# The tiny program that plays the operating system in tests without one.
PAYLOAD_C   := $(filter-out %_x86.c %_aarch64.c,$(wildcard tests/vm/payload/*.c)) tests/vm/payload/serial_$(FILES_$(ARCH)).c
$(PAYLOAD:.efi=.so): $(PAYLOAD_C:%.c=$(BUILD)/$(WORLD)/%.o) $(POLICY_FIRMWARE) \
		$(patsubst %,$(BUILD)/$(WORLD)/efi/%.o,memory sbat)

# The tiny programs between which `make bench` measures loaders.
BENCH_EFI   := $(patsubst %,$(BUILD)/efi/bench_%.efi,starter loader writer arrival)
$(BENCH_EFI:.efi=.so): $(BUILD)/efi/bench_%.so: $(BUILD)/firmware/tests/bench/efi/%.o \
		$(patsubst %,$(BUILD)/firmware/tests/bench/efi/%.o,image stamp) \
		$(patsubst %,$(BUILD)/firmware/tests/vm/payload/%.o,serial serial_x86) \
		$(patsubst %,$(BUILD)/firmware/efi/%.o,devicepath text variables memory sbat) $(POLICY_FIRMWARE)

$(BUILD)/$(WORLD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(FIRMWARE_CC) $(FIRMWARE) $(EFI_HEADERS) -c $< -o $@

# --- checks: each is a target a person can run by name ----------------------------------------------------------

UNIT_C      := $(filter-out tests/unit/test_efi_%.c,$(wildcard tests/unit/test_*.c))
UNIT_EFI_C  := $(wildcard tests/unit/test_efi_*.c)
UNIT        := $(UNIT_C:%.c=$(BUILD)/%) $(UNIT_EFI_C:%.c=$(BUILD)/%)
FAKES       := $(patsubst %.c,$(BUILD)/host/%.o,$(wildcard tests/unit/fake_*.c))
HELPERS     := $(patsubst %.c,$(BUILD)/host/%.o,$(filter-out tests/unit/test_% tests/unit/fake_%,$(wildcard tests/unit/*.c)))
FUZZ        := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))
CHECK_LIBS   = $(shell pkg-config --libs check)
FUZZ_SECONDS ?= 30

$(BUILD)/host/tests/unit/%.o: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINUX) $(if $(findstring efi,$*),-fshort-wchar -DGNU_EFI_USE_MS_ABI $(EFI_HEADERS)) $(CFLAGS) $(SANITIZERS) -c $< -o $@

# Targets by name: of two patterns make takes the one whose prerequisites are there, and a new fake is not there yet.
$(UNIT_EFI_C:%.c=$(BUILD)/%): $(BUILD)/tests/unit/test_efi_%: $(BUILD)/host/tests/unit/test_efi_%.o \
		$(BUILD)/host/tests/unit/suite.o $(FAKES) $(BUILD)/libefihost.a $(BUILD)/libpolicy.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SANITIZERS) -pie $^ $(CHECK_LIBS) -o $@

$(BUILD)/tests/unit/test_%: $(BUILD)/host/tests/unit/test_%.o $(HELPERS) \
		$(BUILD)/librecovery.a $(BUILD)/libearly.a $(BUILD)/libpolicy.a $(BUILD)/firmware_policy.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SANITIZERS) -pie $^ $(LIB_LDLIBS) $(CHECK_LIBS) -o $@

# The firmware objects of policy/ under other names, so that one test can hold both worlds against each other.
$(BUILD)/firmware_policy.o: $(POLICY_FIRMWARE)
	$(Q)ld -r $^ -o $@.tmp && objcopy --prefix-symbols=firmware_ $@.tmp $@ && rm $@.tmp

lint: all stage-aa64 $(BUILD)/libefihost.a ## formatter settings, patches of mutants, floors, exported names, function lengths, the finished firmware image
	$(Q)scripts/check-format
	$(Q)scripts/check-mutants
	$(Q)scripts/test-images $(STAGE)
	$(Q)scripts/test-check-floors
	$(Q)scripts/check-floors --at-least 840 416 $(BUILD)

unit: $(UNIT) $(POLICY_FIRMWARE) ## unit tests
	$(Q)scripts/run-unit 2092 $(UNIT)

cli: $(TOOL) $(EARLY) ## the real program on folders of variables and files
	$(Q)tests/cli/run $(TOOL)

schemas: $(TOOL) ## the schemas of policy/ and the program that checks such files say the same
	$(Q)scripts/check-schemas $(TOOL)

# With a C library, and beside it the objects of policy/ as the firmware has them.
ANSWERS_C   := tests/worlds/answers.c tests/unit/decision_space.c
ANSWERS_CC   = $(filter-out -MMD -MP,$(COMMON)) -Wconversion -O1
ANSWERS_H   := $(wildcard policy/*.h) tests/unit/decision_space.h
$(BUILD)/host/answers: $(ANSWERS_C) $(BUILD)/libpolicy.a $(ANSWERS_H) $(BUILD)/flags
	$(Q)$(CC) $(ANSWERS_CC) $(SANITIZERS) $(filter %.c %.a,$^) -o $@
$(BUILD)/$(WORLD)/answers: $(ANSWERS_C) $(POLICY_FIRMWARE) $(ANSWERS_H) $(BUILD)/flags
	$(Q)$(FIRMWARE_CC) $(ANSWERS_CC) -static $(filter %.c %.o,$^) -o $@

answers: $(BUILD)/$(WORLD)/answers

# The stage first: two at a time would make the same objects.
worlds: $(BUILD)/host/answers stage-aa64 ## policy/ decides, reads and writes on aarch64 and riscv64 as it does here
	$(Q)$(MAKE) --no-print-directory ARCH=aarch64 answers
	$(Q)$(MAKE) --no-print-directory ARCH=riscv64 answers
	$(Q)tests/worlds/run $< aarch64=$(BUILD)/firmware_aarch64/answers riscv64=$(BUILD)/firmware_riscv64/answers

runner: ## the programs that run tests, and the parts of the scenario runner that need no machine
	$(Q)scripts/test-runners & tests/vm/selftest; selftest=$$?; wait $$! && exit $$selftest

check: all lint unit cli schemas worlds runner ## everything that needs no virtual machine; once built, under two minutes on two idle cores

SANITIZED   := BUILD=$(BUILD)/sanitize SANITIZE=address,undefined WERROR=0 CFLAGS='-O1 -g'
sanitize: ## unit and command line tests under the address and undefined-behaviour sanitizers
	$(Q)$(MAKE) --no-print-directory $(SANITIZED) unit cli

# Everything below the targets is compiled once, with coverage for the fuzzer and the sanitizers.
FUZZ_CFLAGS := -std=gnu11 -I. -D_GNU_SOURCE -DDARUMA_VERSION='"$(VERSION)"' -O1 -g -MMD -MP -fno-sanitize-recover=all
FUZZ_OBJ    := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(POLICY_C) $(RECOVERY_C) $(EARLY_C))
# The firmware floor against the fake firmware, for the targets fuzz_efi_*.
FUZZ_EFI    := $(filter $(BUILD)/fuzz/fuzz_efi_%,$(FUZZ))
FUZZ_EFI_OBJ := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(filter-out $(EFI_REAL) efi/sbat.c,$(EFI_C)) \
                $(filter-out %_starts.c,$(wildcard tests/unit/fake_efi*.c)))
FUZZ_EFI_CFLAGS := -fshort-wchar -DGNU_EFI_USE_MS_ABI $(EFI_HEADERS)

$(BUILD)/fuzz/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(if $(filter $@,$(FUZZ_EFI_OBJ)),$(FUZZ_EFI_CFLAGS)) \
		-fsanitize=fuzzer-no-link,address,undefined $(LIB_CFLAGS) -c $< -o $@

$(BUILD)/fuzz/libdaruma.a: $(FUZZ_OBJ)
$(BUILD)/fuzz/libefi.a: $(FUZZ_EFI_OBJ)
$(BUILD)/fuzz/lib%.a:
	$(Q)rm -f $@ && ar rcs $@ $^

$(FUZZ_EFI): $(BUILD)/fuzz/libefi.a
$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/fuzz/libdaruma.a
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(if $(filter $@,$(FUZZ_EFI)),$(FUZZ_EFI_CFLAGS)) -fsanitize=fuzzer,address,undefined \
		$(filter %.c,$^) $(filter %/libefi.a,$^) $(filter %/libdaruma.a,$^) $(LIB_LDLIBS) -o $@

fuzz: $(FUZZ) ## fuzz every decoder and parser for FUZZ_SECONDS each
	$(Q)scripts/run-fuzz 40 $(FUZZ_SECONDS) $(FUZZ)

vm-osless: all stage stage-aa64 ## the stage in OVMF with a tiny program as operating system
	$(Q)tests/vm/run --jobs 2 --at-least 23 tests/vm/osless

vm: all stage stage-aa64 ## those, and the quick set of scenarios on a real Debian
	$(Q)tests/vm/run --jobs 2 --at-least 28 tests/vm/osless tests/vm/quick

vm-all: all stage stage-aa64 ## every scenario; resumable
	$(Q)tests/vm/run --jobs 2 --resume --at-least 98 tests/vm/osless tests/vm/quick tests/vm/full \
		tests/vm/examples

requirements: ## tests/requirements.md names the tests that exist, and only those
	$(Q)scripts/check-requirements

# What all of `test` runs, built on all processors beforehand: the tests themselves go one layer after the other.
built-tests: $(UNIT) $(POLICY_FIRMWARE) $(TOOL) $(EARLY)
built: all built-tests $(FUZZ) stage stage-aa64

test: ## what CI runs: sets up a fresh Debian 12, then the quick set of every layer
	$(Q)scripts/install-deps
	$(Q)$(MAKE) --no-print-directory -j "$$(nproc)" built
	$(Q)$(MAKE) --no-print-directory -j "$$(nproc)" $(SANITIZED) built-tests
	$(Q)$(MAKE) --no-print-directory check requirements sanitize fuzz vm

unit-all: $(addprefix $(BUILD)/tests/unit/test_,decision decision_reach quarantine_power) ## every case of the unit tests that take a share of them otherwise; minutes; resumable
	$(Q)scripts/unless-passed $(BUILD)/unit-all.passed env EVERY_CASE=1 scripts/run-unit 28 $^

test-all: test ## everything
	$(Q)$(MAKE) --no-print-directory unit-all mutants vm-all

mutants: ## break one thing at a time; a test that stays green is a defect; resumable
	$(Q)tests/mutants/run

bench: $(TOOL) $(STAGE) $(PAYLOAD) $(BENCH_EFI) ## scores and times; where something is absent to hold them against, a line says so
	$(Q)scripts/install-deps bench
	$(Q)tests/bench/guard_cost $(TOOL)
	$(Q)tests/bench/diff_100k $(TOOL)
	$(Q)tests/bench/scan_cost $(TOOL)
	$(Q)tests/bench/crash_score $(TOOL)
	$(Q)tests/bench/stage_cost

demo: ## a bad update takes a real Debian down, and the machine brings itself back
	$(Q)scripts/install-deps
	$(Q)$(MAKE) --no-print-directory all stage
	$(Q)tests/vm/demo

format: ## apply the formatter
	$(Q)scripts/check-format --fix

# --- install ----------------------------------------------------------------------------------------------------

sign: $(STAGE) ## sign the stage for Secure Boot, KEY=key.pem CERT=certificate.pem; `make install` then lays the signed one
	$(Q)scripts/sign-image '$(KEY)' '$(CERT)' $(STAGE)

install: all ## for x86_64: lay the files under DESTDIR; `daruma install` then puts the stage into the boot path
	$(Q)[ $(ARCH) = x86_64 ] || { echo 'install: the Linux side knows x86_64 only' >&2; exit 1; }
	$(Q)scripts/install-files '$(BUILD)' '$(DESTDIR)' '$(PREFIX)' '$(SYSCONFDIR)' '$(LOCALSTATE)'

clean: ## remove what was built
	rm -rf $(BUILD)

# --- help -------------------------------------------------------------------------------------------------------

help: ## this text
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

.PHONY: all stage stage-aa64 answers worlds lint unit cli schemas runner check unit-all sanitize fuzz vm-osless vm vm-all requirements built built-tests test test-all mutants bench demo format sign install clean help
-include $(shell find $(BUILD)/host $(BUILD)/firmware* $(BUILD)/fuzz -type f -name '*.d' 2>/dev/null)
