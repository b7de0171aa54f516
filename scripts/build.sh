#!/bin/sh
# Builds the packages and the program into their dist folders, with one line about it on stderr. When nothing has changed
# since the last build it takes some milliseconds and says nothing, so every script that runs the program begins with it.
set -eu
cd -P "$(dirname "$0")/.."

# Made after a build and dated before it: a source that is edited while the compiler runs is newer than the stamp.
stamp=dist/.built
configs='package.json packages/*/package.json tsconfig*.json packages/*/tsconfig*.json'

# Where there is no stamp `find` prints an error, which counts as a change.
changed() { [ -n "$(find "$@" -newer $stamp 2>&1)" ]; }
# Folders count: a source that was removed, or moved in with its old date, shows only there.
is_fresh() { ! changed src packages/*/src ormconfig.ts $configs; }

# An image carries the build and not the sources.
[ -d src ] || exit 0
if is_fresh; then exit 0; fi

# Two builds at once would write the same files. The kernel keeps this lock for the shell and for the compiler that it
# starts, and lets go when both have ended, however they end. macOS has no flock: there two builds at once can collide.
exec 9>node_modules/.build.lock
if command -v flock >/dev/null; then flock 9; fi
if is_fresh; then exit 0; fi

echo 'Building…' >&2
# The compiler does not delete the output of a source that was removed, and it trusts the output of a build that was
# killed. So everything is built anew when a file was added or removed, and when there is no stamp.
if changed src packages/*/src -type d; then rm -rf dist packages/*/dist; fi
mkdir -p dist
rm -f $stamp
touch dist/.building
node_modules/.bin/tsc -b tsconfig.build.json >&2
mv dist/.building $stamp
