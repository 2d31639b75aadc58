// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.example;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.shareferry.resultclient.NotVerifiedException;
import org.shareferry.resultclient.ResultClient;
import org.shareferry.resultclient.ResultQuery;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Values for a web page, as strings, because JavaScript rounds numbers beyond 2^53.
@RestController
class ValuesController {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ResultClient results;

    ValuesController(ResultClient results) {
        this.results = results;
    }

    /// @param id of the delivery
    /// @param sum of all values, exact
    record Shown(String id, List<String> values, String sum) {}

    @GetMapping("/values/{label}")
    Shown values(@PathVariable long label) throws IOException, InterruptedException, TimeoutException {
        var result = results.await(ResultQuery.all().withLabel(label), TIMEOUT);
        var values = results.values(result).toBigDecimals();
        var sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Shown(
                result.id(), values.stream().map(BigDecimal::toPlainString).toList(), sum.toPlainString());
    }

    @ExceptionHandler
    ProblemDetail notVerified(NotVerifiedException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, "The newest result with this label is not VERIFIED.");
    }

    @ExceptionHandler
    ProblemDetail nothingYet(TimeoutException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "No result with this label has a verdict yet.");
    }
}
