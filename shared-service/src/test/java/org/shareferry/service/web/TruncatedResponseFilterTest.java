// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/// Which answers the container may put its error page into.
class TruncatedResponseFilterTest {
    private final MockFilterChain chain = new MockFilterChain();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void a_truncated_answer_gets_no_error_page() throws Exception {
        response.setCommitted(true);

        new TruncatedResponseFilter().doFilter(new MockHttpServletRequest(), response, chain);

        assertThat(chain.getRequest()).isNull();
    }

    @Test
    void an_unstarted_answer_gets_the_error_page() throws Exception {
        new TruncatedResponseFilter().doFilter(new MockHttpServletRequest(), response, chain);

        assertThat(chain.getRequest()).isNotNull();
    }
}
