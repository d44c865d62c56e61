#!/bin/sh
# The plugin is q-mux.tmux at the root; here for a tmux.conf that has this path.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
exec sh "$here/../q-mux.tmux" "$@"
