# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154
#
# Sourced by shareferry in an unpacked release: what it runs. Nothing is built, and the folder of the release may be
# read-only.

# A release for one platform brings its own Java.
java_home=$home/runtime
[ -d "$java_home" ] || java_home=$(find_java_home java)
java=$java_home/bin/java
classes="$home/lib/cli/cli.jar:$home/lib/cli/lib/*"

# Prints the user's folder for caches of this unpacked release, or nothing if the user has no home.
caches_folder() {
    base=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
    [ "$(uname)" != Darwin ] || base=${HOME:+$HOME/Library/Caches}
    [ -z "$base" ] || echo "$base/shareferry/$(printf '%s' "$home" | cksum | cut -d ' ' -f 1)"
}

# `demo --record-start` makes the caches, which later demos and runs use.
caches=$(caches_folder)
record=
for argument in "$@"; do
    [ "$argument" != --record-start ] || record=yes
done
[ -z "$record" ] || [ -z "$caches" ] || (umask 077 && mkdir -p "$caches") || caches=
# The JVM runs what a cache contains, so the folder must be the user's own, writable by nobody else.
[ -n "$(find "${caches:-/nowhere}" -prune -user "$(id -u)" ! -perm -0020 ! -perm -0002 2>/dev/null)" ] || caches=
if [ -n "$record" ] && [ -z "$caches" ]; then
    echo "There is no folder for caches: set HOME or XDG_CACHE_HOME to a folder of yours that nobody else can write." >&2
    exit 1
fi

needs_build() {
    return 1
}
