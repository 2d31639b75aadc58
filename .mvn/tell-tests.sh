# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints a summary after a build: the number of tests, those skipped and why, and the output files of failed tests.

# Prints the test reports that are newer than a file.
reports_since() {
    find "$2"/*/target/surefire-reports "$2"/*/target/failsafe-reports -name 'TEST-*.xml' -newer "$1" 2>/dev/null
}

# tell_tests SINCE HOME: SINCE is a file that was created when the build began.
tell_tests() {
    reports_since "$1" "$2" | tr '\n' '\0' | xargs -0 cat 2>/dev/null | awk '
        /<testcase / { tests++ }
        /<skipped/ {
            skipped++
            reason = "no reason given"
            if (match($0, /message="[^"]*"/)) {
                reason = substr($0, RSTART + 9, RLENGTH - 10)
                sub(/.*==&gt; /, "", reason)
                gsub(/&quot;/, "\"", reason); gsub(/&apos;/, "\047", reason)
                gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&amp;/, "\\&", reason)
            } else if (match($0, /TestAbortedException: Assumption failed: .+/)) {
                reason = substr($0, RSTART + 41)
                sub(/]]>.*/, "", reason)
            }
            reasons[reason]++
        }
        END {
            if (!tests) exit
            printf "Tests: %d run, %d skipped.\n", tests - skipped, skipped
            for (reason in reasons) printf "  %d skipped: %s\n", reasons[reason], reason
        }'
    reports_since "$1" "$2" | while read -r report; do
        if grep -qE '<(failure|error)[ >]' "$report"; then
            output=$(echo "$report" | sed 's|/TEST-\([^/]*\)\.xml$|/\1-output.txt|')
            echo "  failed: $report"
            [ ! -f "$output" ] || echo "  output: $output"
        fi
    done
}
