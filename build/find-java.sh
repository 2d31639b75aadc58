# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by mvnw and shareferry.

# Prints the home of a JDK 25 or newer: of JAVA_HOME, of the java on the PATH, or of the usual folders, the first that
# is new enough. Says what to install when there is none.
find_java_home() {
    for home in "${JAVA_HOME:-}" "$(java_home_of_path)" \
        /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ "$(java_version "$home")" -ge 25 ]; then
            echo "$home"
            return 0
        fi
    done
    echo "Shareferry needs JDK 25 or newer and found none in JAVA_HOME, on the PATH or in the usual folders: install one, for example Eclipse Temurin 25." >&2
    return 1
}

java_home_of_path() {
    if command -v java >/dev/null 2>&1; then
        dirname "$(dirname "$(readlink -f "$(command -v java)")")"
    fi
}

# Prints the major version as the JDK's release file names it, or 0.
java_version() {
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    echo "${version:-0}"
}
