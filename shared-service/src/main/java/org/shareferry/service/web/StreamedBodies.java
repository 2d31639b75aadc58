// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.http.HttpServletRequest;

/// Decides which requests a service reads as a stream with its own limits. The general limit on bodies does not
/// apply to them.
@FunctionalInterface
public interface StreamedBodies {
    /// @return whether this request's body is read as a stream
    boolean isStreamed(HttpServletRequest request);
}
