#!/bin/sh
# Run by npm in the folder of a package before it is packed: builds it anew, and lays the licence beside it.
set -eu
# The build of the service writes to the same folders, under the same lock.
exec 9>../../node_modules/.build.lock
if command -v flock >/dev/null; then flock 9; fi
rm -rf dist
tsc -b tsconfig.build.json
cp ../../LICENSE .
