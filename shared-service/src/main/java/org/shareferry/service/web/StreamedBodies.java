// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.http.HttpServletRequest;

/// Says which requests a service reads as a stream, part by part with limits of its own; the general limit on
/// bodies does not hold for them.
@FunctionalInterface
public interface StreamedBodies {
    /// @return whether this request's body is read as a stream
    boolean isStreamed(HttpServletRequest request);
}
