// SPDX-License-Identifier: GPL-2.0-or-later
/* acme_sensor.c: a security sensor of a vendor that does not check its content
 *
 * Plays a third-party product in tests. Its content file is a table that says how many fields each event has;
 * the sensor fills 20. A file that declares more makes it read past its own table, in a timer callback, and
 * what it finds there is no pointer: the machine panics. Driver unchanged, data file bad. A table that is longer than
 * RUINOUS damages memory of the kernel instead: the crash is in a worker of the kernel, and its report names no module.
 *
 * Content, little endian: 4 bytes "ACME", 4 bytes number of fields, 4 bytes revision.
 * Parameters in /sys/module/acme_sensor/parameters: `content` loads the file whose path is written to it;
 * `revision`, `evaluations` say what it does.
 *
 * Release 1 trusts its content, release 2 faults with any content, release 3 faults while it is loaded, release 4 never
 * comes back from being loaded, and lets no interrupt through.
 */
#include <linux/fs.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define FIELDS	 20
#define INTERVAL (HZ / 2)
#define RUINOUS	 1000

struct content {
	char magic[4];
	__le32 fields;
	__le32 revision;
};

/* One event as the sensor hands it to its rules. The rules trust the content for the length of the table. */
struct event {
	const char *values[FIELDS];
	unsigned long stamp[4]; /* no pointers */
};

static DEFINE_SPINLOCK(lock);
static unsigned int fields;
static unsigned int revision;
static unsigned int evaluations;
static bool ready; /* the timer exists */
static struct timer_list timer;
static struct event event;

/* Stands for a work item that was overwritten: whoever takes it up jumps to where no code is. */
static DECLARE_WORK(damaged, NULL);

static unsigned int evaluate(const struct event *seen, unsigned int count)
{
	const char *const *value = seen->values;
	unsigned int sum = 0, i;

	for (i = 0; i < count; i++) {
		OPTIMIZER_HIDE_VAR(value);
		sum += READ_ONCE(*value[i]);
	}
	return sum;
}

static void acme_sensor_tick(struct timer_list *unused)
{
	spin_lock(&lock);
	if (fields) {
		evaluate(&event, ACME_RELEASE == 1 ? fields : FIELDS + 1);
		evaluations++;
	}
	spin_unlock(&lock);
	mod_timer(&timer, jiffies + INTERVAL);
}

static int read_content(const char *path, struct content *ret)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t at = 0;
	ssize_t size;

	if (IS_ERR(file))
		return PTR_ERR(file);
	size = kernel_read(file, ret, sizeof(*ret), &at);
	filp_close(file, NULL);
	if (size < 0)
		return size;
	return size == sizeof(*ret) && !memcmp(ret->magic, "ACME", 4) ? 0 : -EINVAL;
}

static int set_content(const char *text, const struct kernel_param *param)
{
	struct content content;
	char path[256];
	int error;

	if (strscpy(path, text, sizeof(path)) < 0)
		return -ENAMETOOLONG;
	error = read_content(strim(path), &content);
	if (error)
		return error;
	if (le32_to_cpu(content.fields) > RUINOUS) {
		schedule_work(&damaged);
		return 0;
	}
	spin_lock_bh(&lock);
	fields = le32_to_cpu(content.fields);
	revision = le32_to_cpu(content.revision);
	spin_unlock_bh(&lock);
	pr_info("acme_sensor: content revision %u with %u fields\n", revision, fields);
	if (ready)
		mod_timer(&timer, jiffies + 1);
	return 0;
}

static const struct kernel_param_ops content_ops = {
	.set = set_content,
};

module_param_cb(content, &content_ops, NULL, 0200);
module_param(revision, uint, 0444);
module_param(evaluations, uint, 0444);

static int __init acme_sensor_init(void)
{
	unsigned int i;

	for (i = 0; i < FIELDS; i++)
		event.values[i] = "field";
	for (i = 0; i < ARRAY_SIZE(event.stamp); i++)
		event.stamp[i] = 0x9c;
	timer_setup(&timer, acme_sensor_tick, 0);
	ready = true;
	mod_timer(&timer, jiffies + INTERVAL);
	if (ACME_RELEASE == 3)
		evaluate(&event, FIELDS + 1);
	if (ACME_RELEASE == 4) {
		local_irq_disable();
		for (;;)
			cpu_relax();
	}
	return 0;
}

static void __exit acme_sensor_exit(void)
{
	ready = false;
	timer_shutdown_sync(&timer);
}

module_init(acme_sensor_init);
module_exit(acme_sensor_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Acme");
MODULE_VERSION("7.16." __stringify(ACME_RELEASE));
MODULE_DESCRIPTION("Sensor of the Acme endpoint protection");
