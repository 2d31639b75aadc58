// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// The container's last resort, as a problem like all others.
@Hidden
@Controller
class ErrorPage implements ErrorController {
    @RequestMapping("/error")
    ResponseEntity<Object> error(HttpServletRequest request) {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        return switch (status instanceof Integer code ? code : 500) {
            case 400 ->
                Problem.of(ProblemType.REQUEST_MALFORMED, "The request is not well-formed HTTP.")
                        .toResponse();
            case 401, 403 ->
                Problem.of(ProblemType.NOT_ALLOWED, "The request is not allowed here.")
                        .toResponse();
            case 404 ->
                Problem.of(ProblemType.NOT_FOUND, "There is nothing at this address.")
                        .toResponse();
            case 413 ->
                Problem.of(ProblemType.BODY_TOO_LARGE, "The body is larger than this service takes.")
                        .toResponse();
            default ->
                Problem.of(ProblemType.INTERNAL, "The service failed; nothing was promised.")
                        .toResponse();
        };
    }
}
