// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.finding;

import java.util.ArrayList;
import java.util.List;

/// Collects the findings of one area.
public final class Findings {
    private final Area area;
    private final List<Finding> made = new ArrayList<>();

    public Findings(Area area) {
        this.area = area;
    }

    public void fine(String checked, String seen) {
        made.add(Finding.fine(area, checked, seen));
    }

    public void add(String checked, Fault fault, String cause, String fix) {
        made.add(Finding.of(area, checked, fault, cause, fix));
    }

    public boolean hasAny() {
        return !made.isEmpty();
    }

    public List<Finding> list() {
        return List.copyOf(made);
    }
}
