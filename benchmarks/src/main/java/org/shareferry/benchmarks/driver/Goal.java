// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

/// What a figure is to reach.
///
/// @param of which number is judged
/// @param better which direction is better
/// @param must what it has to reach
/// @param aim what would be good
record Goal(Judged of, Better better, double must, double aim) {
    /// In a quick run only what is this many times worse than it must be counts as a failure: a busy machine is slow.
    private static final double FAR_OFF = 4;

    Goal {
        if (!isAtLeastAsGood(better, aim, must)) {
            throw new IllegalArgumentException("The aim is at least as good as what must be.");
        }
    }

    /// Which number of a figure.
    enum Judged {
        VALUE,
        RATIO
    }

    /// Which numbers are better.
    enum Better {
        SMALLER,
        LARGER
    }

    /// How a number stands.
    enum Standing {
        AIM("aim met"),
        MET("met"),
        NOT_MET("not met");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static Goal ratioAtLeast(double must, double aim) {
        return new Goal(Judged.RATIO, Better.LARGER, must, aim);
    }

    static Goal ratioAtMost(double must, double aim) {
        return new Goal(Judged.RATIO, Better.SMALLER, must, aim);
    }

    static Goal atMost(double must, double aim) {
        return new Goal(Judged.VALUE, Better.SMALLER, must, aim);
    }

    Standing standing(double number) {
        if (isAtLeastAsGood(better, number, aim)) {
            return Standing.AIM;
        }
        return isAtLeastAsGood(better, number, must) ? Standing.MET : Standing.NOT_MET;
    }

    /// @return whether a ratio is so bad that no busy machine explains it; values depend on the machine and never are
    boolean isFarOff(double number) {
        double limit = better == Better.LARGER ? must / FAR_OFF : must * FAR_OFF;
        return of == Judged.RATIO && !isAtLeastAsGood(better, number, limit);
    }

    private static boolean isAtLeastAsGood(Better better, double number, double than) {
        return better == Better.LARGER ? number >= than : number <= than;
    }
}
