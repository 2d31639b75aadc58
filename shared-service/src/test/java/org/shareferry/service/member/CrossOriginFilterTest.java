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
        var request = new MockHttpServletRequest(method, "/v1/results/x");
        request.addHeader("Host", "localhost:8443");
        if (site != null) {
            request.addHeader("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.addHeader("Origin", origin);
        }
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
        "GET, cross-site, https://evil.example, true"
    })
    void a_request_of_another_site_s_page_changes_nothing(
            String method, @Nullable String site, @Nullable String origin, boolean passes) throws Exception {
        assertThat(passes(method, site, origin)).isEqualTo(passes);
    }
}
