// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.RequestDispatcher;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ProblemDetail;
import org.springframework.mock.web.MockHttpServletRequest;

/// What the container says of a connection, such as one that ended in the middle of a body, is no refusal of ours.
class ErrorPageTest {
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 500, 503})
    void errors_of_the_container_have_no_problem_type(int status) {
        var request = new MockHttpServletRequest();
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, status);

        var answer = new ErrorPage().error(request);

        var problem = (ProblemDetail) Objects.requireNonNull(answer.getBody());
        assertThat(answer.getStatusCode().value()).isEqualTo(status);
        assertThat(problem.getStatus()).isEqualTo(status);
        assertThat(String.valueOf(problem.getType())).isIn("null", "about:blank");
    }
}
