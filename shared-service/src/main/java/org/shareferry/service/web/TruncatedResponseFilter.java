// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/// Suppresses the container's error page for an answer that was cut off after its head was sent. The security chain
/// would refuse that page with an exception, which the container would log. In both cases the container closes the
/// connection, so the caller notices that the answer is incomplete.
final class TruncatedResponseFilter implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!response.isCommitted()) {
            chain.doFilter(request, response);
        }
    }
}
