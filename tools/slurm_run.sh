#!/usr/bin/env bash
# Run a tool under Slurm, one process per GPU:
#   tools/slurm_run.sh PARTITION JOB_NAME SCRIPT [arguments]
# GPUS: how many in all (8); GPUS_PER_NODE: of each machine (all, at most 8);
# CPUS_PER_TASK (5); PORT (29500); SRUN_ARGS: more options of srun, split at spaces.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
GPUS=${GPUS:-8}
GPUS_PER_NODE=${GPUS_PER_NODE:-$((GPUS < 8 ? GPUS : 8))}
read -ra SRUN_ARGS <<< "${SRUN_ARGS:-}"
PYTHONPATH="$ROOT:${PYTHONPATH:-}" MASTER_PORT="${PORT:-29500}" exec srun \
    --partition="$1" --job-name="$2" \
    --gres="gpu:$GPUS_PER_NODE" --ntasks="$GPUS" \
    --ntasks-per-node="$GPUS_PER_NODE" --cpus-per-task="${CPUS_PER_TASK:-5}" \
    --kill-on-bad-exit=1 "${SRUN_ARGS[@]}" \
    python -u "$ROOT/tools/$3" "${@:4}" --launcher slurm
