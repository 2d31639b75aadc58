// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import java.io.CharConversionException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.json.JsonFault;
import org.shareferry.service.member.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/// The only place where exceptions become responses. No exception message reaches a caller.
@RestControllerAdvice
public final class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final Duration STORE_DELAY = Duration.ofSeconds(2);

    @ExceptionHandler
    ResponseEntity<Object> problem(ProblemException e) {
        return e.problem().toResponse();
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleAsyncRequestNotUsableException(
            AsyncRequestNotUsableException e, WebRequest request) {
        LOG.debug("The caller disconnected before the response.");
        return null;
    }

    /// The database is busy, full or unreachable; the request may succeed later.
    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    @Nullable
    ResponseEntity<Object> store(RuntimeException e) {
        if (isOurFault(e)) {
            return unexpected(e);
        }
        LOG.warn("Database error: answered 503 with Retry-After.", e);
        return Problem.of(
                        ProblemType.STORE_BUSY,
                        "The database is unavailable. Nothing was stored; repeat the same request later.")
                .retryAfter(STORE_DELAY)
                .toResponse();
    }

    /// A wrong statement or a violated constraint fails on every retry. Spring's class of non-transient errors
    /// cannot be used for this, because it includes lost connections and full disks.
    private static boolean isOurFault(RuntimeException e) {
        return e instanceof NonTransientDataAccessException
                && !(e instanceof UncategorizedSQLException)
                && !(e instanceof NonTransientDataAccessResourceException);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> unexpected(Exception e) {
        if (Standing.isEnd(e)) {
            // The filter that failed knows the problem.
            return null;
        }
        LOG.error("A request failed with an unexpected error: answered 500.", e);
        return Problem.of(ProblemType.INTERNAL, "An unexpected error occurred in the service. Nothing was stored.")
                .toResponse();
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException known) {
                return known.problem().toResponse();
            }
            if (cause instanceof MalformedException malformed) {
                return Problem.of(ProblemType.ENVELOPE_MALFORMED, malformed.reason())
                        .toResponse();
            }
            if (cause instanceof IOException && !(cause instanceof CharConversionException)) {
                LOG.info("A request body ended early.");
                return Problem.of(ProblemType.BODY_DAMAGED, "The request body ended early.")
                        .toResponse();
            }
        }
        if (e.getCause() instanceof JacksonException fault) {
            return Problem.of(ProblemType.REQUEST_MALFORMED, "The body " + JsonFault.of(fault) + ".")
                    .toResponse();
        }
        return Problem.of(ProblemType.REQUEST_MALFORMED, "The body is not the JSON or CBOR that this address expects.")
                .toResponse();
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var type = typeOf(status);
        if (type == ProblemType.INTERNAL) {
            return unexpected(e);
        }
        var problem = Problem.of(type, detail(type, e));
        var response = (type == ProblemType.STORE_BUSY ? problem.retryAfter(STORE_DELAY) : problem).toResponse();
        var merged = new HttpHeaders(headers);
        merged.putAll(response.getHeaders());
        return new ResponseEntity<>(response.getBody(), merged, response.getStatusCode());
    }

    private static ProblemType typeOf(HttpStatusCode status) {
        return switch (Optional.ofNullable(HttpStatus.resolve(status.value()))
                .orElse(HttpStatus.INTERNAL_SERVER_ERROR)) {
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> ProblemType.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> ProblemType.NOT_ACCEPTABLE;
            case UNSUPPORTED_MEDIA_TYPE -> ProblemType.MEDIA_TYPE_UNSUPPORTED;
            case CONTENT_TOO_LARGE -> ProblemType.BODY_TOO_LARGE;
            case SERVICE_UNAVAILABLE -> ProblemType.STORE_BUSY;
            default -> status.is4xxClientError() ? ProblemType.REQUEST_MALFORMED : ProblemType.INTERNAL;
        };
    }

    /// @return the problem for a method that an address does not support
    public static Problem methodNotAllowed(HttpRequestMethodNotSupportedException e) {
        return Problem.of(ProblemType.METHOD_NOT_ALLOWED, detail(ProblemType.METHOD_NOT_ALLOWED, e));
    }

    /// The texts name what the mapping supports and nothing from the request.
    private static String detail(ProblemType type, Exception e) {
        return switch (e) {
            case HttpRequestMethodNotSupportedException method ->
                "This address supports only " + listed(method.getSupportedHttpMethods()) + ".";
            case HttpMediaTypeNotAcceptableException type406
            when !type406.getSupportedMediaTypes().isEmpty() ->
                "This address responds only in " + listed(type406.getSupportedMediaTypes()) + ".";
            case HttpMediaTypeNotSupportedException type415
            when !type415.getSupportedMediaTypes().isEmpty() ->
                "This address accepts only bodies in " + listed(type415.getSupportedMediaTypes()) + ".";
            default -> detail(type);
        };
    }

    private static String listed(@Nullable Collection<?> choices) {
        return choices == null
                ? "other methods"
                : choices.stream().map(Object::toString).distinct().sorted().collect(Collectors.joining(", "));
    }

    private static String detail(ProblemType type) {
        return switch (type) {
            case NOT_FOUND -> "There is nothing at this address.";
            case METHOD_NOT_ALLOWED -> "This address does not support this method.";
            case NOT_ACCEPTABLE -> "This address supports none of the media types in Accept.";
            case MEDIA_TYPE_UNSUPPORTED -> "This address does not accept bodies of this media type.";
            case BODY_TOO_LARGE -> "The body is larger than this service accepts.";
            default -> "A parameter is missing or malformed.";
        };
    }
}
