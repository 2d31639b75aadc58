// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import java.util.List;
import org.shareferry.diagnostics.finding.Finding;

/// Event: what a part of the running service found about its own work. It replaces what that part found before, and is
/// shown in health and among the findings. Publish it when the state changes: each event is logged.
///
/// @param work the part, such as `webhook`
/// @param findings empty if nothing is wrong
public record FindingsOfWork(String work, List<Finding> findings) {
    public FindingsOfWork {
        findings = List.copyOf(findings);
    }
}
