#!/usr/bin/env bash
# Run a tool in several processes: tools/dist_run.sh PROCESSES SCRIPT [arguments]
# One process per GPU; without GPUs the processes share the CPU over gloo.
# Several machines: set NNODES, NODE_RANK, MASTER_ADDR and PORT.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
PYTHONPATH="$ROOT:${PYTHONPATH:-}" exec python -m torch.distributed.run \
    --nnodes="${NNODES:-1}" --node_rank="${NODE_RANK:-0}" \
    --master_addr="${MASTER_ADDR:-127.0.0.1}" --master_port="${PORT:-29500}" \
    --nproc_per_node="$1" "$ROOT/tools/$2" "${@:3}" --launcher pytorch
