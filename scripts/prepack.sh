#!/bin/sh
# Run by npm in the folder of a package before it is packed: builds it anew, and lays the licence beside it.
set -eu
rm -rf dist
tsc -b tsconfig.build.json
cp ../../LICENSE .
