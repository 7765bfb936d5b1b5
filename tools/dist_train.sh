#!/usr/bin/env bash
# Distributed training: tools/dist_train.sh CONFIG PROCESSES [options of train.py]
exec "$(dirname "$0")/dist_run.sh" "$2" train.py "$1" "${@:3}"
