// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.util.ArrayList;
import java.util.List;

/// Collects the findings of one area.
final class Findings {
    private final Area area;
    private final List<Finding> made = new ArrayList<>();

    Findings(Area area) {
        this.area = area;
    }

    void fine(String checked, String seen) {
        made.add(Finding.fine(area, checked, seen));
    }

    void add(String checked, Fault fault, String cause, String mend) {
        made.add(Finding.of(area, checked, fault, cause, mend));
    }

    boolean hasAny() {
        return !made.isEmpty();
    }

    List<Finding> list() {
        return List.copyOf(made);
    }
}
