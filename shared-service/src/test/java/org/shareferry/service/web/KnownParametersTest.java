// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.shareferry.service.problem.ProblemException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

class KnownParametersTest {
    private final KnownParameters known = new KnownParameters();

    static class Addresses {
        public void list(@RequestParam int limit, @RequestParam(name = "after") Optional<String> cursor) {}

        public void none() {}

        @WholeQuery
        public void reads() {}
    }

    private boolean isTaken(String method, @Nullable String query) throws NoSuchMethodException {
        var handler = method.equals("list")
                ? new HandlerMethod(new Addresses(), "list", int.class, Optional.class)
                : new HandlerMethod(new Addresses(), method);
        var request = new MockHttpServletRequest("GET", "/v1/results");
        request.setQueryString(query);
        return known.preHandle(request, new MockHttpServletResponse(), handler);
    }

    private String refusal(String method, String query) {
        var refusal = org.assertj.core.api.Assertions.catchThrowableOfType(
                ProblemException.class, () -> isTaken(method, query));
        return refusal.problem().detail();
    }

    @Test
    void known_parameters_are_accepted() throws Exception {
        assertThat(isTaken("list", "limit=1&after=x")).isTrue();
        assertThat(isTaken("list", null)).isTrue();
        assertThat(isTaken("reads", "anything=1")).isTrue();
    }

    @Test
    void the_refusal_of_an_unknown_parameter_lists_the_known_ones() {
        assertThat(refusal("list", "limit=1&lable=3"))
                .isEqualTo("Unknown parameter \"lable\"; known here: after, limit.");
        assertThat(refusal("none", "x")).isEqualTo("Unknown parameter \"x\".");
    }

    @Test
    void a_parameter_given_twice_is_refused() {
        assertThat(refusal("list", "limit=1&limit=2")).isEqualTo("The parameter \"limit\" is given more than once.");
    }

    @Test
    void parameters_of_library_handlers_are_not_checked() {
        var request = new MockHttpServletRequest("GET", "/v3/api-docs");
        request.setQueryString("group=x");

        assertThatCode(() -> known.preHandle(request, new MockHttpServletResponse(), "another handler"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> isTaken("none", "group=x")).isInstanceOf(ProblemException.class);
    }
}
