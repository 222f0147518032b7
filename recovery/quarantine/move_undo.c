/* move_undo.c: mending: a place as it was before, whatever a power cut or an error left there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/move_undo.h"

#include <stdbool.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/quarantine/kept.h"
#include "recovery/quarantine/place.h"

/* Whether the swap has happened, by what is found. Beside the place is either the good copy or what was taken. */
static bool is_swapped(const struct action *action, const struct place *place)
{
	if (strcmp(action->step, ACTION_PLANNED) == 0)
		return false;
	if (!action->sha256)
		return !place_has(place, place->beside) &&
		       place_holds(place, place->name, action->replaced_by);
	return place_has(place, place->beside) &&
	       !place_holds(place, place->beside, action->replaced_by) &&
	       !place_holds(place, place->name, action->sha256);
}

/* 1: what is in place now is not ours to move. */
static int swap_back(const struct move *move, const struct action *action,
		     const struct place *place)
{
	const struct file_port *port = move->port;

	if (!action->sha256)
		return port->rename(port, place->folder, place->name, place->beside);
	if (!place_has(place, place->name))
		return port->rename(port, place->folder, place->beside, place->name);
	return place_holds(place, place->name, action->replaced_by) ? place_exchange(place) : 1;
}

static int undo_place(const struct move *move, const struct action *action,
		      const struct place *place)
{
	int error = place_mend_exchange(place);

	if (!error && is_swapped(action, place))
		error = swap_back(move, action, place);
	if (!error)
		error = file_port_unlink_if_there(move->port, place->folder, place->beside);
	return error ? error : move->port->sync(move->port, place->folder);
}

/* Whether nothing can have been taken yet. */
static bool is_untaken(const struct action *action)
{
	return !action->sha256 || strcmp(action->step, ACTION_PLANNED) == 0;
}

/* What was taken is dropped only when it is in its place, or somebody has put another file there by himself. */
static bool is_back(const struct action *action, const struct place *place)
{
	return place_holds(place, place->name, action->sha256) ||
	       (place_has(place, place->name) &&
		!place_holds(place, place->name, action->replaced_by));
}

int move_undo(const struct move *move, const struct action *action)
{
	owned_descriptor int folder = -1;
	struct place place;
	int error = place_open(move->context, move->port, action, &place);
	bool drop = is_untaken(action);

	if (error && !place_is_gone(error))
		return error;
	if (!error) {
		folder = place.folder;
		error = undo_place(move, action, &place);
		if (error)
			return error;
		drop = drop || is_back(action, &place);
	}
	return drop ? kept_forget(&move->kept, action->id) : 1;
}
