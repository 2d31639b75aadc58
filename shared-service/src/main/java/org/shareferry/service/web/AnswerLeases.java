// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.ServletRequest;
import org.shareferry.service.web.BytesInFlight.Lease;

/// Holds a lease of memory for an answer until the answer is written.
public final class AnswerLeases {
    private static final String ATTRIBUTE = AnswerLeases.class.getName();

    private AnswerLeases() {}

    /// @param request whose answer it is for; a request has at most one lease
    public static void keep(ServletRequest request, Lease lease) {
        request.setAttribute(ATTRIBUTE, lease);
    }

    static void close(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Lease lease) {
            request.removeAttribute(ATTRIBUTE);
            lease.close();
        }
    }
}
