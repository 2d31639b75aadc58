// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import java.util.Objects;

/// The version of this project. pom.xml has it, and the build writes it into every jar.
public final class ProjectVersion {
    private ProjectVersion() {}

    /// @return the version, such as `1.2.0`; a phrase if these classes are in no jar
    public static String current() {
        return Objects.requireNonNullElse(
                ProjectVersion.class.getPackage().getImplementationVersion(), "of this source tree");
    }
}
