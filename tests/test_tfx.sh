#!/bin/sh
# Runs the tests of the engine of TFX, which needs glibc 2.39: in .venv-tfx where this system has
# that, else in the Debian root RNNZOO_TFX_ROOT (by root, with /opt/tfx of tfx 1.21 in it).
set -eu
EXTRAS='.[tfx,kfp,dask,tune,rates,audio,fields,weather,plot]'
PIP='-m pip install --disable-pip-version-check --no-compile -q'
FILES='tests/pipelines/tfx tests/pipelines/families/*/test_pipeline.py tests/pipelines/test_pipeline.py'
TESTS="-m pytest -p no:cacheprovider -n 2 --dist loadfile --max-worker-restart 0 -m tfx $FILES"
PAGE='-m pytest -p no:cacheprovider docs/pipeline.md'

version=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || version=
newest=$(printf '%s\n2.39\n' "${version:-0}" | sort -V | tail -n 1)

if [ -n "${RNNZOO_TFX_ROOT:-}" ]; then
    [ -x "$RNNZOO_TFX_ROOT/opt/tfx/bin/python" ] || {
        echo "RNNZOO_TFX_ROOT=$RNNZOO_TFX_ROOT has no /opt/tfx/bin/python: give a root with tfx" >&2
        exit 2
    }
    # The mounts are those of this process alone, and end with it.
    exec unshare --mount sh -eu -c '
        root=$1
        mkdir -p "$root/rnnzoo" "$root/data"
        mount --bind . "$root/rnnzoo"
        [ -z "${RNNZOO_DATA_DIR:-}" ] || mount --bind "$RNNZOO_DATA_DIR" "$root/data"
        mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
        mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
        exec chroot "$root" env HOME=/root PATH=/opt/tfx/bin:/usr/bin:/bin RNNZOO_DATA_DIR=/data \
            PYTHONDONTWRITEBYTECODE=1 PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
            sh -eu -c "cd /rnnzoo; python $2 -e \"$3\" pytest pytest-xdist sybil; python $4; python $5"
    ' sh "$RNNZOO_TFX_ROOT" "$PIP" "$EXTRAS" "$TESTS" "$PAGE"
elif [ "$newest" = "$version" ]; then
    [ -x .venv-tfx/bin/python ] || "${PYTHON:-python3}" -m venv .venv-tfx
    .venv-tfx/bin/python $PIP -e "$EXTRAS" pytest pytest-xdist sybil
    .venv-tfx/bin/python $TESTS
    exec .venv-tfx/bin/python $PAGE
else
    echo "skipped: TFX needs glibc 2.39 or later, this system has ${version:-none}; set RNNZOO_TFX_ROOT to a root that has it"
fi
