// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.servlet.FilterChain;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.shareferry.service.problem.ProblemWriter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class PlacesTest {
    private final Places places = new Places(3, 2);

    @Test
    void one_caller_leaves_places_to_others() {
        var first = places.take("P0-user").orElseThrow();
        assertThat(places.take("P0-user")).isPresent();

        assertThat(places.take("P0-user")).isEmpty();
        var others = places.take("P0").orElseThrow();
        assertThat(places.take("P0")).as("all are taken").isEmpty();
        others.close();
        first.close();
        first.close();
        assertThat(places.take("P0-user")).isPresent();
        assertThat(places.take("P0-user")).isEmpty();
    }

    @Test
    void there_is_a_place_for_each_caller() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Places(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Places(1, 2));
    }

    private final RequestLimitFilter filter = new RequestLimitFilter(places, new ProblemWriter(JsonMapper.shared()));

    private static MockHttpServletRequest request(String caller) {
        var request = new MockHttpServletRequest("GET", "/v1/results");
        request.setRemoteUser(caller);
        request.setAsyncSupported(true);
        return request;
    }

    private int status(String caller, FilterChain chain) throws Exception {
        var response = new MockHttpServletResponse();
        filter.doFilter(request(caller), response, chain);
        return response.getStatus();
    }

    @Test
    void a_stream_keeps_its_place_until_it_ends() throws Exception {
        var stream = request("C0-user");
        var other = request("C0-user");
        for (var one : new MockHttpServletRequest[] {stream, other}) {
            filter.doFilter(one, new MockHttpServletResponse(), (request, response) -> request.startAsync());
        }

        assertThat(status("C0-user", (request, response) -> {})).isEqualTo(429);
        assertThat(status("C0", (request, response) -> {})).isEqualTo(200);

        Objects.requireNonNull(stream.getAsyncContext()).complete();

        assertThat(status("C0-user", (request, response) -> {})).isEqualTo(200);
    }

    @Test
    void a_caller_with_too_many_requests_loses_the_next_connection() throws Exception {
        assertThat(places.take("C0")).isPresent();
        assertThat(places.take("C0")).isPresent();
        var request = request("C0");

        filter.doFilter(request, new MockHttpServletResponse(), (asked, response) -> {});

        assertThat(AbandonedBodies.isAbandoned(request)).isTrue();
    }
}
