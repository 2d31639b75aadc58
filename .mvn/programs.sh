# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154
#
# Sourced by shareferry in a checkout: what it runs, and how that is built.

java_home=$(find_java_home javac)
java=$java_home/bin/java

services="party-service relay-service client-service"
# All modules with programs. `shareferry bench` also needs the module benchmarks.
modules=
for module in $(sed -n 's|.*<module>\(.*\)</module>.*|\1|p' "$home/pom.xml"); do
    if [ -d "$home/$module/src/main" ] && [ "$module" != benchmarks ] && [ "${module#examples/}" = "$module" ]; then
        modules="$modules $module"
    fi
done
outputs=$home/cli/target
classes="$outputs/cli.jar:$outputs/lib/*"
if [ "${1:-}" = bench ]; then
    modules="$modules benchmarks"
    classes="$classes:$home/benchmarks/target/benchmarks.jar"
fi
# The caches of the services are beside their jars.
caches=
# Written when the packaged programs were unpacked and trained: holds their checksums.
prepared=$outputs/prepared
# A folder that exists while a launcher builds.
lock=$outputs/building
log=$outputs/build.log

# changed_since FILE PATH...: prints the first path that is newer than the file.
changed_since() {
    made=$1
    shift
    find "$@" -newer "$made" -print | head -n 1
}

# Prints the modules that a module depends on, from its pom.xml.
built_on() {
    sed -n '/<groupId>org\.shareferry</{n;s|.*<artifactId>\(.*\)</artifactId>.*|\1|p;}' "$home/$1/pom.xml" |
        grep -v '^shareferry$' | sort -u
}

# Every build, by this launcher or not, writes a file "packaged" in each module, dependencies first.
needs_package() {
    for module in $modules; do
        packaged=$home/$module/target/packaged
        [ -f "$packaged" ] || return 0
        set -- "$home/pom.xml" "$home/$module/pom.xml" "$home/$module/src/main"
        for other in $(built_on "$module"); do
            set -- "$@" "$home/$other/target/packaged"
        done
        [ -z "$(changed_since "$packaged" "$@")" ] || return 0
    done
    return 1
}

needs_build() {
    [ -f "$prepared" ] || return 0
    needs_package && return 0
    [ -n "$(find "$home"/*/target/packaged -newer "$prepared")" ] || return 1
    # Builds are reproducible: a rebuild of the same sources needs no new preparation.
    [ "$(checksums)" = "$(cat "$prepared")" ] || return 0
    touch "$prepared"
    return 1
}

checksums() {
    cksum "$outputs/cli.jar" "$outputs"/lib/stand-in-vm-*.jar \
        "$home/party-service/target/party-service.jar" \
        "$home/relay-service/target/relay-service.jar" \
        "$home/client-service/target/client-service.jar" 2>/dev/null || true
}

# Overwrites one line with the progress: the number of packaged modules, or the step after packaging.
show_progress() {
    if [ "$packaging" != yes ]; then
        show_seconds "$doing"
        return
    fi
    all=0
    done=0
    bar=
    rest=
    for module in $modules; do
        all=$((all + 1))
        if [ -n "$(find "$home/$module/target/packaged" -newer "$begun" 2>/dev/null)" ]; then
            done=$((done + 1))
            bar="$bar##"
        else
            rest="$rest--"
        fi
    done
    show_seconds "[$bar$rest] $done of $all modules"
}

fail() {
    clear_progress
    tail -n 40 "$log" >&2
    echo "The build failed; the whole log is in $log." >&2
    exit 1
}

build() {
    echo "Building Shareferry (this happens once) ..." >&2
    : >"$log"
    begun=$outputs/begun
    : >"$begun"
    packaging=
    doing=
    if needs_package; then
        packaging=yes
        step "$home/mvnw" -q -B package -DskipTests -Dshareferry.programs-only -Dspotless.check.skip -Djacoco.skip \
            -pl "$(echo "${modules# }" | tr ' ' ',')" || fail
    fi
    packaging=
    doing="Unpacking the services"
    for service in $services; do
        rm -rf "$home/$service/target/app"
        step "$java" -Djarmode=tools -jar "$home/$service/target/$service.jar" \
            extract --destination "$home/$service/target/app" || fail
    done
    doing="Recording one demo, so that later starts are faster"
    # The JVM records one demo, so that later ones start in half the time. If it fails, they start more slowly.
    step "$java" -Dshareferry.home="$home" -cp "$outputs/cli.jar:$outputs/lib/*" \
        org.shareferry.cli.Main demo --once --record-start || true
    checksums >"$prepared"
    rm -f "$begun"
}
