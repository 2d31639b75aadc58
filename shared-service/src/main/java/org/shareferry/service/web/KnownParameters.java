// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.shareferry.json.JsonFault;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.UriComponentsBuilder;

/// Refuses unknown and repeated query parameters. Otherwise a mistyped filter would silently select everything.
/// Methods that read the whole query check it themselves ([WholeQuery]).
final class KnownParameters implements HandlerInterceptor {
    private final Map<HandlerMethod, Optional<Set<String>>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() != null && handler instanceof HandlerMethod method && isOurs(method)) {
            known.computeIfAbsent(method, KnownParameters::names).ifPresent(names -> require(request, names));
        }
        return true;
    }

    private static boolean isOurs(HandlerMethod method) {
        return method.getBeanType().getPackageName().startsWith("org.shareferry.");
    }

    /// @return the names; empty if the method reads the query itself
    private static Optional<Set<String>> names(HandlerMethod method) {
        if (method.hasMethodAnnotation(WholeQuery.class)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(method.getMethodParameters())
                .filter(one -> one.hasParameterAnnotation(RequestParam.class))
                .map(KnownParameters::name)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String name(MethodParameter parameter) {
        var named = parameter.getParameterAnnotation(RequestParam.class);
        return named == null || named.name().isEmpty()
                ? parameter.getParameter().getName()
                : named.name();
    }

    private static void require(HttpServletRequest request, Set<String> names) {
        // Not request.getParameterMap(), which would read a form in the body too.
        var query = UriComponentsBuilder.newInstance().query(request.getQueryString());
        query.build().getQueryParams().forEach((name, values) -> {
            if (!names.contains(name)) {
                throw malformed("Unknown parameter \"" + JsonFault.printable(name) + "\""
                        + (names.isEmpty() ? "." : "; known here: " + String.join(", ", names) + "."));
            }
            if (values.size() > 1) {
                throw malformed("The parameter \"" + JsonFault.printable(name) + "\" is given more than once.");
            }
        });
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }
}
