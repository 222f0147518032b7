"""Virtual machines for scenarios: see README.md for the interface."""
# SPDX-License-Identifier: LGPL-2.1-or-later
