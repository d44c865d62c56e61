#!/bin/sh
# q mux for a tmux plugin manager, or for a line `run-shell /path/to/q-mux.tmux` in tmux.conf.
# Binds the prefix and the key in the option @q-mux-key (Q when it is not set) to opening the workspace.
#
#   q-mux.tmux         binds the key
#   q-mux.tmux open    what the key runs: starts the workspace and shows it on the client of the pane in $TMUX_PANE

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1

main() {
  if [ "${1-}" = open ]; then
    open_workspace
  else
    bind_key
  fi
}

# A word for the shell, which tmux reads as a format before: it takes ## for #.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g; s/#/##/g")"
}

bind_key() {
  key=$(tmux show-option -gqv @q-mux-key)
  case ${key:=Q} in
    # tmux ends a command at a word that ends so.
    *';') key="${key%;}\\;" ;;
  esac
  tmux bind-key -N 'q mux: open the workspace' -T prefix -- "$key" \
    run-shell -b "TMUX_PANE=#{pane_id} sh $(quoted "$here/q-mux.tmux") open"
}

open_workspace() {
  said=$(run_q mux 2>&1) && return
  # tmux would run a #(…) in what it displays.
  tmux display-message "$(printf '%s' "$said" | tr -d '#' | tr '\n' ' ')"
}

# The program beside this file, when it is built; else the installed one.
run_q() {
  if [ -e "$here/dist/main.js" ]; then
    "$here/bin/q.js" "$@"
  elif command -v q >/dev/null; then
    q "$@"
  else
    echo 'q is not on PATH, and this clone is not built: run npm ci in it'
    return 1
  fi
}

main "$@"
