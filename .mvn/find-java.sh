# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Sourced by mvnw and shareferry, in a checkout and in a release.

# find_java_home [PROGRAM]: prints the home of the first Java 25 or newer that has the program (javac, if none is named)
# among JAVA_HOME, the java on the PATH, and the usual folders. If there is none, it prints what to install. Call it as
# $(find_java_home): a subshell leaves no variables behind.
find_java_home() {
    if [ "${1:-javac}" = javac ]; then kind="JDK 25 or newer"; else kind="Java 25 or newer (a JRE or a JDK)"; fi
    own=${HOME:-/nowhere}
    for candidate in "${JAVA_HOME:-}" "$(java_home_of_path)" \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/java/* /opt/jvm/* \
        "$own"/.sdkman/candidates/java/* "$own"/.jdks/* "$own"/.asdf/installs/java/* \
        "$own"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$own"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /opt/local/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/${1:-javac}" ] && [ "$(java_version "$candidate")" -ge 25 ]; then
            echo "$candidate"
            return 0
        fi
    done
    echo "Shareferry needs $kind and found none in JAVA_HOME, on the PATH or in the usual folders. Install one, for example Eclipse Temurin 25, or set JAVA_HOME to its folder." >&2
    return 1
}

java_home_of_path() {
    if command -v java >/dev/null 2>&1; then
        dirname "$(dirname "$(readlink -f "$(command -v java)")")"
    fi
}

# Prints the major version from the JDK's release file, or 0.
java_version() {
    version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
    fi
    echo "${version:-0}"
}

# Java decodes arguments and file names with the locale's character set. Without a locale that is ASCII, and a folder with
# an umlaut is not found. A locale with another character set is kept.
use_utf8() {
    case $(locale charmap 2>/dev/null) in
        ANSI_X3.4-1968 | US-ASCII | 646 | "") LC_ALL=C.UTF-8 && export LC_ALL ;;
    esac
}
