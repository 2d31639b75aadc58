// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.service.problem.ProblemWriter;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class CrossOriginFilterTest {
    private static boolean passes(String method, @Nullable String site, @Nullable String origin) throws Exception {
        var request = request(method);
        if (site != null) {
            request.addHeader("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.addHeader("Origin", origin);
        }
        return passes(request);
    }

    private static MockHttpServletRequest request(String method) {
        var request = new MockHttpServletRequest(method, "/v1/results/x");
        request.addHeader("Host", "localhost:8443");
        return request;
    }

    private static boolean passes(MockHttpServletRequest request) throws Exception {
        var chain = new MockFilterChain();
        new CrossOriginFilter(new ProblemWriter(new JsonMapper()))
                .doFilter(request, new MockHttpServletResponse(), chain);
        return chain.getRequest() != null;
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, cross-site, , false",
        "POST, same-site, , false",
        "POST, same-origin, , true",
        "POST, none, , true",
        "POST, , https://evil.example, false",
        "POST, , null, false",
        "POST, , https://localhost:8443, true",
        "POST, , http://localhost:8443, false",
        "POST, , , true",
        "GET, cross-site, https://evil.example, false",
        "GET, same-site, , false",
        "HEAD, cross-site, , false",
        "GET, , https://evil.example, false",
        "GET, same-origin, , true",
        "GET, none, , true",
        "GET, , , true"
    })
    void a_request_of_another_site_s_page_is_refused(
            String method, @Nullable String site, @Nullable String origin, boolean passes) throws Exception {
        assertThat(passes(method, site, origin)).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, navigate, document, true",
        "POST, navigate, document, false",
        "GET, navigate, iframe, false",
        "GET, no-cors, empty, false",
        "GET, no-cors, script, false"
    })
    void a_link_from_another_site_is_followed_and_nothing_else(
            String method, String mode, String destination, boolean passes) throws Exception {
        var request = request(method);
        request.addHeader("Sec-Fetch-Site", "cross-site");
        request.addHeader("Sec-Fetch-Mode", mode);
        request.addHeader("Sec-Fetch-Dest", destination);

        assertThat(passes(request)).isEqualTo(passes);
    }
}
