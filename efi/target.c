/* target.c: what a rung starts, and starting it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/target.h"

#include "efi/bootentry.h"
#include "efi/devicepath.h"
#include "efi/partition.h"
#include "efi/text.h"

/* The target that only this rung has, or NULL. */
static const struct daruma_target *own_of(const struct daruma_limits *limits, enum daruma_rung rung)
{
	switch (rung) {
	case DARUMA_RUNG_SAFE:
		return &limits->safe;
	case DARUMA_RUNG_RESCUE:
		return &limits->rescue;
	default:
		return NULL;
	}
}

/* Whether the file at `path` is this program. */
static bool is_self(const struct firmware *firmware, const char *path)
{
	char own_file[DARUMA_PATH_SIZE];

	return bootentry_own_file(firmware, own_file) && text_same_path(path, own_file);
}

/* Adds a target with a path, unless it is this program: starting ourselves again would never end. */
static void add(const struct firmware *firmware, struct target_list *list,
		const struct daruma_target *target, bool own)
{
	if (!target || target->path[0] == '\0' || is_self(firmware, target->path))
		return;
	list->choices[list->count++] = (struct target_choice){ .target = target, .own = own };
}

void target_list(const struct firmware *firmware, const struct daruma_limits *limits,
		 enum daruma_rung rung, struct target_list *ret)
{
	struct daruma_target *from_options = &ret->from_options;

	*ret = (struct target_list){ .count = 0 };
	if (!text_first_path(firmware->self->LoadOptions, firmware->self->LoadOptionsSize,
			     from_options->path))
		from_options->path[0] = '\0';
	add(firmware, ret, own_of(limits, rung), true);
	add(firmware, ret, &limits->normal, false);
	if (!text_same_path(from_options->path, limits->normal.path))
		add(firmware, ret, from_options, false);
}

EFI_STATUS target_load(const struct firmware *firmware, const struct daruma_target *target,
		       EFI_HANDLE *ret_child)
{
	/* A whole path, and no BootPolicy: shim's LoadImage refuses anything else. */
	uint8_t path[DEVICEPATH_MOST + 2 * DARUMA_PATH_SIZE + 16];
	EFI_HANDLE child = NULL;
	EFI_STATUS status;

	if (!devicepath_append_file(partition_path(firmware), target->path, path, sizeof(path)))
		return EFI_INVALID_PARAMETER;
	status = firmware->boot->LoadImage(FALSE, firmware->image, (EFI_DEVICE_PATH *)path, NULL, 0,
					   &child);
	if (EFI_ERROR(status)) {
		/* EFI_SECURITY_VIOLATION leaves an image that may not be started. */
		if (child)
			firmware->boot->UnloadImage(child);
		return status;
	}
	*ret_child = child;
	return EFI_SUCCESS;
}

bool target_refused(EFI_STATUS status)
{
	return status == EFI_ACCESS_DENIED || status == EFI_SECURITY_VIOLATION;
}

EFI_STATUS target_start(const struct firmware *firmware, const struct daruma_target *target,
			EFI_HANDLE child)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded = firmware_protocol(firmware, child, guid);
	CHAR16 options[DARUMA_OPTIONS_SIZE];
	size_t length = text_widen(target->options, options, DARUMA_OPTIONS_SIZE);

	/* Without options none are passed: shim would take an empty text for a file name, and a shim that loaded the image has
	 * left our own options there. */
	if (loaded) {
		loaded->LoadOptions = length > 0 ? options : NULL;
		loaded->LoadOptionsSize = length > 0 ? (UINT32)((length + 1) * sizeof(CHAR16)) : 0;
	}
	return firmware->boot->StartImage(child, NULL, NULL);
}
