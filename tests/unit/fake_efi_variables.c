/* fake_efi_variables.c: variable services of the fake firmware
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

#include <string.h>

#define KNOWN_ATTRIBUTES 7u

static size_t length_of(const CHAR16 *name)
{
	size_t length = 0;

	while (name[length] != 0)
		length++;
	return length;
}

static bool same_name(const CHAR16 *one, const CHAR16 *other)
{
	size_t length = length_of(one);

	return length == length_of(other) && memcmp(one, other, length * sizeof(CHAR16)) == 0;
}

static struct fake_variable *find(const CHAR16 *name, const EFI_GUID *vendor)
{
	for (unsigned i = 0; i < FAKE_VARIABLES; i++) {
		struct fake_variable *variable = &fake_efi_now->variables[i];

		if (variable->present && fake_efi_same_guid(&variable->vendor, vendor) &&
		    same_name(variable->name, name))
			return variable;
	}
	return NULL;
}

static bool falls_on(unsigned at, unsigned call)
{
	return at == FAKE_EVERY || (at != 0 && at == call);
}

static EFI_STATUS EFIAPI get_variable(CHAR16 *name, EFI_GUID *vendor, UINT32 *attributes,
				      UINTN *size, VOID *bytes)
{
	const struct fake_variable *variable = find(name, vendor);
	UINTN capacity = *size;

	fake_efi_now->gets++;
	if (falls_on(fake_efi_now->get_fault_at, fake_efi_now->gets))
		return fake_efi_now->get_fails_with;
	if (!variable)
		return EFI_NOT_FOUND;
	*size = variable->size;
	if (attributes && !(variable->size > capacity && fake_efi_now->hides_attributes))
		*attributes = variable->attributes;
	if (variable->size > capacity)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(bytes, variable->bytes, variable->size);
	if (fake_efi_now->overstates_size)
		*size = capacity + 1;
	return EFI_SUCCESS;
}

static struct fake_variable *free_slot(void)
{
	for (unsigned i = 0; i < FAKE_VARIABLES; i++) {
		if (!fake_efi_now->variables[i].present)
			return &fake_efi_now->variables[i];
	}
	return NULL;
}

static EFI_STATUS erase(struct fake_variable *variable)
{
	if (!variable)
		return EFI_NOT_FOUND;
	if (variable->attributes & EFI_VARIABLE_NON_VOLATILE)
		fake_efi_now->nv_writes++;
	variable->present = false;
	return EFI_SUCCESS;
}

static EFI_STATUS store(struct fake_variable *variable, const CHAR16 *name, const EFI_GUID *vendor,
			UINT32 attributes, UINTN size, const VOID *bytes)
{
	if (variable && variable->size == size && memcmp(variable->bytes, bytes, size) == 0)
		return EFI_SUCCESS;
	if (!variable)
		variable = free_slot();
	if (!variable || size > FAKE_VALUE_SIZE || length_of(name) >= FAKE_NAME_SIZE)
		return EFI_OUT_OF_RESOURCES;
	variable->present = true;
	memcpy(variable->name, name, (length_of(name) + 1) * sizeof(CHAR16));
	variable->vendor = *vendor;
	variable->attributes = attributes;
	variable->size = size;
	memcpy(variable->bytes, bytes, size);
	if (attributes & EFI_VARIABLE_NON_VOLATILE)
		fake_efi_now->nv_writes++;
	return EFI_SUCCESS;
}

/* The rules of EDK2, in its order. */
static EFI_STATUS apply(const CHAR16 *name, const EFI_GUID *vendor, UINT32 attributes, UINTN size,
			const VOID *bytes)
{
	struct fake_variable *variable = find(name, vendor);

	if (name[0] == 0 || (attributes & ~KNOWN_ATTRIBUTES))
		return EFI_INVALID_PARAMETER;
	if ((attributes & EFI_VARIABLE_RUNTIME_ACCESS) &&
	    !(attributes & EFI_VARIABLE_BOOTSERVICE_ACCESS))
		return EFI_INVALID_PARAMETER;
	if (attributes == EFI_VARIABLE_NON_VOLATILE)
		return EFI_INVALID_PARAMETER;
	if (variable && attributes != 0 && attributes != variable->attributes)
		return EFI_INVALID_PARAMETER;
	if (attributes == 0 || size == 0)
		return erase(variable);
	return store(variable, name, vendor, attributes, size, bytes);
}

static EFI_STATUS EFIAPI set_variable(CHAR16 *name, EFI_GUID *vendor, UINT32 attributes, UINTN size,
				      VOID *bytes)
{
	struct fake_efi *fake = fake_efi_now;
	EFI_STATUS status;

	fake->sets++;
	if (!falls_on(fake->set_fault_at, fake->sets))
		return apply(name, vendor, attributes, size, bytes);
	if (fake->set_fault == FAKE_REFUSE)
		return fake->refuse_with;
	if (fake->set_fault == FAKE_LIE)
		return EFI_SUCCESS;
	if (fake->set_fault != FAKE_CUT_BEFORE)
		status = apply(name, vendor, attributes, size, bytes);
	else
		status = EFI_SUCCESS;
	if (fake->set_fault == FAKE_GARBLE) {
		struct fake_variable *variable = find(name, vendor);

		if (variable)
			variable->bytes[variable->size / 2] ^= 1;
		return status;
	}
	fake->end = FAKE_POWER_LOST;
	longjmp(fake->out, 1);
}

/* The first variable there is from slot `from` on. */
static EFI_STATUS list_from(unsigned from, UINTN *size, CHAR16 *name, EFI_GUID *vendor)
{
	for (unsigned i = from; i < FAKE_VARIABLES; i++) {
		const struct fake_variable *variable = &fake_efi_now->variables[i];
		UINTN needed;

		if (!variable->present)
			continue;
		needed = (length_of(variable->name) + 1) * sizeof(CHAR16);
		if (needed > *size) {
			*size = needed;
			return EFI_BUFFER_TOO_SMALL;
		}
		memcpy(name, variable->name, needed);
		*vendor = variable->vendor;
		*size = needed;
		return EFI_SUCCESS;
	}
	return EFI_NOT_FOUND;
}

static EFI_STATUS EFIAPI next_name(UINTN *size, CHAR16 *name, EFI_GUID *vendor)
{
	const struct fake_variable *variable;
	unsigned next;

	if (name[0] == 0) {
		next = 0;
	} else {
		variable = find(name, vendor);
		if (!variable)
			return EFI_INVALID_PARAMETER;
		next = (unsigned)(variable - fake_efi_now->variables) + 1;
	}
	if (fake_efi_now->list_fault_at != 0 && next + 1 >= fake_efi_now->list_fault_at)
		return fake_efi_now->list_fails_with;
	if (fake_efi_now->list_endless)
		next = 0;
	return list_from(next, size, name, vendor);
}

void fake_efi_variables_init(struct fake_efi *fake)
{
	fake->runtime.GetVariable = get_variable;
	fake->runtime.SetVariable = set_variable;
	fake->runtime.GetNextVariableName = next_name;
}
