/* unified_image.c: kernel, initramfs and command line as one EFI program that can be signed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/unified_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/kernel_options.h"
#include "recovery/boot/pe_program.h"
#include "recovery/cleanup.h"
#include "recovery/early/command_line.h"

#define SIGNATURES_MOST 65536
#define TEXT_SIZE	256
#define WORDS_OF_PART	4
#define WORDS_OF_COPY	3 /* objcopy, the stub, the output */

/* In the order in which they lie in memory: the kernel last, whose own tables come behind it. */
static const char *const sections[UNIFIED_PARTS] = {
	[UNIFIED_OS_RELEASE] = ".osrel", [UNIFIED_RELEASE] = ".uname",
	[UNIFIED_STATE] = ".daruma",	 [UNIFIED_COMMAND_LINE] = ".cmdline",
	[UNIFIED_INITRAMFS] = ".initrd", [UNIFIED_KERNEL] = ".linux",
};

/* --- building ----------------------------------------------------------------------------------- */

static int read_at(int fd, uint64_t offset, void *bytes, size_t size)
{
	ssize_t got = pread(fd, bytes, size, (off_t)offset);

	return got < 0 ? -errno : (size_t)got == size ? 0 : -EBADMSG;
}

/* The headers of the open file, which may be shorter than they could be. */
static int read_headers(int fd, struct pe_program *ret)
{
	uint8_t bytes[PE_PROGRAM_HEAD_MOST];
	ssize_t got = pread(fd, bytes, sizeof(bytes), 0);

	if (got < 0)
		return -errno;
	return pe_program_read(bytes, (size_t)got, ret) ? 0 : -EBADMSG;
}

static int read_stub(const char *path, struct pe_program *ret)
{
	owned_descriptor int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : read_headers(fd, ret);
}

/* Words of the command line of objcopy, and the texts that they point to. */
struct copy {
	const char *words[WORDS_OF_COPY + UNIFIED_PARTS * WORDS_OF_PART + 1];
	size_t count;
	char *texts[2 * UNIFIED_PARTS];
	size_t texts_count;
};

static void add(struct copy *copy, const char *word)
{
	copy->words[copy->count++] = word;
}

/* False without memory. */
static bool add_text(struct copy *copy, char *text)
{
	copy->texts[copy->texts_count++] = text;
	add(copy, text);
	return text != NULL;
}

static char *text_of(const char *section, const char *file)
{
	char *text = NULL;

	return asprintf(&text, "%s=%s", section, file) < 0 ? NULL : text;
}

static char *place_of(const char *section, uint64_t address)
{
	char *text = NULL;

	return asprintf(&text, "%s=0x%llx", section, (unsigned long long)address) < 0 ? NULL : text;
}

/* Behind all that is there; *end moves behind it. */
static int add_part(struct copy *copy, const struct pe_program *stub, const char *section,
		    const char *file, uint64_t *end)
{
	uint64_t place = (*end + stub->alignment - 1) & ~((uint64_t)stub->alignment - 1);
	struct stat about;

	if (stat(file, &about) < 0)
		return -errno;
	*end = place + (uint64_t)about.st_size;
	if (*end > INT32_MAX)
		return -E2BIG;
	add(copy, "--add-section");
	if (!add_text(copy, text_of(section, file)))
		return -ENOMEM;
	add(copy, "--change-section-vma");
	return add_text(copy, place_of(section, stub->base + place)) ? 0 : -ENOMEM;
}

int unified_image_build(const struct process_port *processes, const char *stub,
			const char *const parts[UNIFIED_PARTS], const char *output)
{
	struct copy copy = { .count = 0 };
	struct pe_program program;
	uint64_t end;
	int error = read_stub(stub, &program);

	end = program.end;
	add(&copy, "objcopy");
	for (int i = 0; !error && i < UNIFIED_PARTS; i++)
		error = add_part(&copy, &program, sections[i], parts[i], &end);
	add(&copy, stub);
	add(&copy, output);
	if (!error)
		error = process_succeed(processes, copy.words, UNIFIED_IMAGE_SECONDS);
	for (size_t i = 0; i < copy.texts_count; i++)
		free(copy.texts[i]);
	return error;
}

int unified_image_sign(const struct process_port *processes, const char *key,
		       const char *certificate, const char *input, const char *output)
{
	const char *const words[] = { "sbsign",	  "--key", key,	  "--cert", certificate,
				      "--output", output,  input, NULL };

	return process_succeed(processes, words, UNIFIED_IMAGE_SECONDS);
}

void unified_image_state_text(int64_t state, char ret[UNIFIED_STATE_SIZE])
{
	snprintf(ret, UNIFIED_STATE_SIZE, "%d", (int)state);
}

/* --- reading ------------------------------------------------------------------------------------ */

/* The text of a section, without what objcopy fills it up with. Returns 0, -EBADMSG or -EFBIG ... */
static int read_text(int fd, const struct pe_program *program, enum unified_part part, char *text,
		     size_t size)
{
	const struct pe_section *section = pe_program_find(program, sections[part]);
	uint32_t length;

	if (!section)
		return -EBADMSG;
	/* In memory it is as long as it is; in the file, as long as the alignment wants it. */
	length = section->memory < section->size ? section->memory : section->size;
	if (length >= size)
		return -EFBIG;
	memset(text, 0, size);
	return read_at(fd, section->offset, text, length);
}

static int read_release(int fd, const struct pe_program *program, char ret[KERNEL_RELEASE_SIZE])
{
	int error = read_text(fd, program, UNIFIED_RELEASE, ret, KERNEL_RELEASE_SIZE);

	return error ? error : kernel_floor_is_release(ret) ? 0 : -EBADMSG;
}

static int read_state(int fd, const struct pe_program *program, int64_t *ret)
{
	char text[UNIFIED_STATE_SIZE], again[UNIFIED_STATE_SIZE];
	int error = read_text(fd, program, UNIFIED_STATE, text, sizeof(text));

	if (error)
		return error;
	*ret = strtol(text, NULL, 10);
	unified_image_state_text(*ret, again);
	return strcmp(text, again) == 0 ? 0 : -EBADMSG;
}

static int read_command_line(int fd, const struct pe_program *program, bool *ret_repairs)
{
	char text[KERNEL_OPTIONS_IMAGE_SIZE];
	int error = read_text(fd, program, UNIFIED_COMMAND_LINE, text, sizeof(text));

	*ret_repairs = !error &&
		       strncmp(text, COMMAND_LINE_IMAGE " ", strlen(COMMAND_LINE_IMAGE " ")) == 0;
	return error;
}

static int read_signatures(int fd, const struct pe_program *program, struct unified_image *ret)
{
	if (program->signatures_size == 0)
		return 0;
	if (program->signatures_size > SIGNATURES_MOST)
		return -EFBIG;
	ret->signatures = malloc(program->signatures_size);
	ret->signatures_size = program->signatures_size;
	return ret->signatures ?
		       read_at(fd, program->signatures, ret->signatures, ret->signatures_size) :
		       -ENOMEM;
}

static bool has_all_parts(const struct pe_program *program)
{
	for (int i = 0; i < UNIFIED_PARTS; i++)
		if (!pe_program_find(program, sections[i]))
			return false;
	return true;
}

int unified_image_read(int fd, struct unified_image *ret)
{
	struct pe_program program;
	int error = read_headers(fd, &program);

	*ret = (struct unified_image){ .repairs = false };
	if (!error && !has_all_parts(&program))
		error = -EBADMSG;
	if (!error)
		error = read_release(fd, &program, ret->release);
	if (!error)
		error = read_state(fd, &program, &ret->state);
	if (!error)
		error = read_command_line(fd, &program, &ret->repairs);
	if (!error)
		error = read_signatures(fd, &program, ret);
	if (error)
		unified_image_free(ret);
	return error;
}

void unified_image_free(struct unified_image *image)
{
	free(image->signatures);
	*image = (struct unified_image){ .repairs = false };
}
