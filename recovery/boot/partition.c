/* partition.c: the partition behind a mount point; the only user of libblkid
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/partition.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "recovery/cleanup.h"

#define SECTOR 512 /* libblkid counts in these, whatever the disk has */

static void free_probe(blkid_probe *probe)
{
	blkid_free_probe(*probe);
}

/* The whole disk that device number `part` belongs to. */
static int find_disk(dev_t part, char ret_path[PATH_MAX])
{
	char name[128];
	dev_t disk;

	if (blkid_devno_to_wholedisk(part, name, sizeof(name), &disk) < 0 || disk == part)
		return -ENODEV;
	snprintf(ret_path, PATH_MAX, "/dev/%s", name);
	return 0;
}

static int fill(struct esp *esp, blkid_partition part, unsigned sector_size)
{
	const char *text = blkid_partition_get_uuid(part);
	blkid_parttable table = blkid_partition_get_table(part);

	if (!table || strcmp(blkid_parttable_get_type(table), "gpt") != 0 || !text ||
	    !esp_guid_parse(text, esp->guid))
		return -ENODEV;
	esp_guid_text_of(esp->guid, esp->guid_text);
	esp_id_of(esp->guid, esp->id);
	esp->partition = (unsigned)blkid_partition_get_partno(part);
	esp->sector_size = sector_size;
	esp->start = (uint64_t)blkid_partition_get_start(part) * SECTOR / sector_size;
	esp->size = (uint64_t)blkid_partition_get_size(part) * SECTOR / sector_size;
	esp->identified = true;
	return 0;
}

static int probe_disk(struct esp *esp, dev_t device)
{
	__attribute__((cleanup(free_probe))) blkid_probe probe = blkid_new_probe();
	owned_descriptor int fd = open(esp->disk, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	blkid_partlist parts;
	blkid_partition part;

	if (fd < 0)
		return -errno;
	if (!probe || blkid_probe_set_device(probe, fd, 0, 0) < 0)
		return -EIO;
	parts = blkid_probe_get_partitions(probe);
	part = parts ? blkid_partlist_devno_to_partition(parts, device) : NULL;
	return part ? fill(esp, part, blkid_probe_get_sectorsize(probe)) : -ENODEV;
}

int partition_describe(struct esp *esp)
{
	owned char *node = NULL;
	struct stat stat_of;
	int error;

	if (stat(esp->path, &stat_of) < 0)
		return -errno;
	error = find_disk(stat_of.st_dev, esp->disk);
	if (error)
		return error;
	node = blkid_devno_to_devname(stat_of.st_dev);
	snprintf(esp->device, sizeof(esp->device), "%s", node ? node : "");
	return probe_disk(esp, stat_of.st_dev);
}
