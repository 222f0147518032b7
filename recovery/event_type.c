/* event_type.c: the kinds of events, their journal ids and sentences
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/event_type.h"

#include <stddef.h>
#include <string.h>

static const struct event_type types[] = {
	{ "boot.succeeded", "7a1fb299fd3c455ca485f3e7f0a14ce7", "This boot is healthy" },
	{ "boot.failed", "83a57453cfea4930ba30d0edf793d8d8", "The boot before this one failed" },
	{ "boot.unhealthy", "7c15849e3cc34df88fa41c7ab602725f",
	  "This boot is up and goes on, though it is not healthy" },
	{ "boot.inventory", "aef7af0635ed4ec89d465156954db5ab",
	  "The inventory of watched products changed" },
	{ "profile.safe_entered", "e4a4cc33c6e84d2c821d53a1246faa0e", "Safe profile entered" },
	{ "profile.unauthorised", "74a289980d07481f8046d1946e72855d",
	  "Safe profile entered though the firmware stage did not order it" },
	{ "profile.safe_left", "418ab98bfb8f4d9f900632e5bfd39932", "Safe profile left" },
	{ "profile.not_safe", "55ce70bce87e4ef5a4300ba9266800f4",
	  "Something of a watched product runs in this safe start" },
	{ "object.quarantined", "1c6f485dd11a4cb489ff03da78a4694a", "An object was quarantined" },
	{ "object.restored", "e6bf20c44f7c40599ba8d0ab0e60a8c1", "An object was restored" },
	{ "object.released", "60ec7ad37525439bb8e03d6c23baff5a",
	  "An object was released from the quarantine, on trial" },
	{ "object.left", "a99a113181394887966d4a9efd800e2e",
	  "Something is left where it is: it is more than the guard has time for" },
	{ "object.purged", "5caab73ff5d9439d80eaf075340ca95d",
	  "What the quarantine held of an object was deleted for good" },
	{ "object.returned", "dbe821592302401a99f768810ad83b22",
	  "A quarantined object came back to its place" },
	{ "product.held", "981674230c7b42be99fe380d52a73ff4",
	  "The updater of a product is held: something of it is set aside" },
	{ "product.hold_failed", "034259294bc343e6afee73c19094a033",
	  "Not all of a product could be held: its updater may put back what was set aside" },
	{ "product.lifted", "3e9ab096cab8476da90b1251ff3cf229",
	  "The updater of a product is held no more" },
	{ "product.switched_off", "c26239b960454f27a6f2fa2e0c71980b",
	  "A product is switched off: it does not start" },
	{ "product.switched_on", "346e658155484d8b9851ff1eea9c7b79",
	  "A product is switched on again" },
	{ "product.reduced", "caef502f12bc75cc75c1d0a97ad1163b",
	  "A product is in its reduced mode" },
	{ "product.reduced_failed", "c21b1bddbf88ec716f0dfa0ba174a911",
	  "A command of a product for its reduced mode failed" },
	{ "product.reduced_left", "8d33bb81e73c1628cff2dcdb8a5060fb",
	  "A product has left its reduced mode" },
	{ "product.restored", "93d3f7bdcfa1406c90394f897c7f2954",
	  "A product brought back what no good copy was kept of" },
	{ "product.restore_failed", "b03bda6792824fe99159a00e32d87b48",
	  "A product could not bring back what no good copy was kept of" },
	{ "package.held", "681578d786ef43d6b985baf4ec474381",
	  "The package manager leaves a package alone: an object of it is set aside" },
	{ "package.lifted", "8c9158fb9cab43ac80385d7fa2cfc4a5",
	  "The package manager may change a package again" },
	{ "image.failed", "dd9ad20b542a456189673c4c8ec099e8",
	  "The initramfs could not be made anew: a module that was set aside is still in it" },
	{ "kernel.previous_set", "2c791b99da2d44fa9ed4861334a7e090",
	  "The kernel of the last good boot is started by default" },
	{ "kernel.previous_undone", "0fbce26fbc014b96ba2b7289f032c414",
	  "The boot loader's default is the one of before again" },
	{ "kernel.below_floor", "53633b4697da4cc5a8de24c57dbc3599",
	  "A kernel that was good once is older than the policy lets Daruma choose" },
	{ "kernel.copied", "c985eb4990fd49d881a7f487ebb0d6e7",
	  "The kernel of this good boot and its initramfs were copied to the EFI system "
	  "partition" },
	{ "profile.image_set", "3667d71c670f44c59736e18d54ed8b3d",
	  "Safe and rescue starts are of an image that the owner signed" },
	{ "profile.image_passed", "4b2e022e24c144f0907766269d53c51e",
	  "A safe start was not of the owner's image: it was refused, or another was put there" },
	{ "profile.image_dropped", "ec37993f1fb34ada84847d696c1b8188",
	  "Safe and rescue starts are not of the owner's image any more" },
	{ "recovery.failed", "bb8fa6dab783490388415f2fee65a210",
	  "Recovery found no remedy: a person is needed" },
	{ "stage.bypassed", "66b2e9d99a2043c3a62aa1fdbf5dddbf",
	  "This boot did not go through the firmware stage" },
	{ "stage.installed", "082d21858d674c41a507ab0d0dc8991a",
	  "The firmware stage was put into the boot path" },
	{ "stage.removed", "3f979e4178e44241b75baf261dd06539",
	  "The firmware stage was taken out of the boot path" },
	{ "stage.updated", "ed47735ff4294d80a43f4fbdd70ec606",
	  "A new firmware stage has proved itself and is in use" },
	{ "stage.refused", "a4a3f134358e48898daf2eb43a7c2d43",
	  "A new firmware stage led to no good start: the one before stays in use" },
	{ "recovery.asked", "8ee2c205cebd480c819811b7a4042a5b",
	  "Crashes long after good starts go on: the next one leads to a safe start" },
	{ "boot.oneshot_set", "a5572a0f1f44448eb7a7e50d689898fa",
	  "An operator chose the rung of the next boot" },
	{ "policy.applied", "2e3d39a42b8d4b4a8a915e829c9be53d", "A policy was applied" },
	{ "deadline.passed", "d6841c6181dc41eabbfb135587957e0a",
	  "Neither up nor healthy within the deadline: rebooting" },
	{ "throttle.exhausted", "143d83d2f8814663a7f6582a5dd43967",
	  "The throttle forbids another safe start" },
	/* Reserved: nothing writes these yet. */
	{ "feed.applied", "144a3f2da014418cbb5bcd671394765b", "A feed was applied" },
	{ "feed.rejected", "2fa4b326b8a44656b08076e1eb30d910", "A feed was rejected" },
	{ "policy.rejected", "0d0751c0e3504931bc8623bb34da913f", "A policy was rejected" },
	{ "module.held", "f3bab588703d46ff83b781916c6e7b58", "A kernel module was held back" },
	{ "product.reported", "bf850c6ac383492ab24bc2fc7926f554",
	  "A watched product started before the guard" },
};

static const struct event_type other = { "", "c48372b32bb741339278ed41b8b07a2c", "Daruma event" };

static const struct {
	const char *severity;
	const char *priority;
} priorities[] = {
	{ "info", "6" },  { "notice", "5" },   { "warning", "4" },
	{ "error", "3" }, { "critical", "2" }, { "alert", "1" },
};

const struct event_type *event_type_of(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return &other;
}

const char *event_priority_of(const char *severity)
{
	for (size_t i = 0; i < sizeof(priorities) / sizeof(priorities[0]); i++)
		if (strcmp(priorities[i].severity, severity) == 0)
			return priorities[i].priority;
	return "6";
}
