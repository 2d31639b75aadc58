// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.check.Assumption;
import org.shareferry.cli.output.VerdictText;
import tools.jackson.databind.JsonNode;

/// A delivery that its client has checked.
///
/// @param id of the delivery
/// @param label the application's
/// @param scheme what accompanied the values
/// @param verdict VERIFIED, UNVERIFIED or REJECTED
/// @param assumption what VERIFIED rests on
/// @param reasons why values are not verified though no check failed
/// @param count how many values there are
/// @param precision f: a value is an integer / 2^f
/// @param values all of them; none when rejected, or of a request
/// @param masked what the client answered to a request, as hex digits; nothing for an output
record CheckedDelivery(
        String id,
        long label,
        String scheme,
        String verdict,
        Optional<Assumption> assumption,
        List<String> reasons,
        long count,
        int precision,
        List<BigDecimal> values,
        Optional<String> masked) {
    /// An output.
    CheckedDelivery(
            String id,
            long label,
            String scheme,
            String verdict,
            Optional<Assumption> assumption,
            List<String> reasons,
            long count,
            int precision,
            List<BigDecimal> values) {
        this(id, label, scheme, verdict, assumption, reasons, count, precision, values, Optional.empty());
    }

    /// @param m what the client answered to this request, as hex digits
    CheckedDelivery answered(String m) {
        return new CheckedDelivery(
                id, label, scheme, verdict, assumption, reasons, count, precision, values, Optional.of(m));
    }

    CheckedDelivery {
        reasons = List.copyOf(reasons);
        values = List.copyOf(values);
    }

    /// @param result what `GET /v1/results/{id}` answers once it is checked
    static CheckedDelivery of(JsonNode result) {
        var reasons = new ArrayList<String>();
        for (var reason : result.path("reasons")) {
            reasons.add(reason.asString(""));
        }
        var values = new ArrayList<BigDecimal>();
        for (var value : result.path("values")) {
            values.add(value.decimalValue());
        }
        return new CheckedDelivery(
                result.path("id").asString(""),
                result.path("label").asLong(),
                result.path("scheme").asString(""),
                result.path("verdict").asString(""),
                VerdictText.assumption(result),
                reasons,
                result.path("count").asLong(),
                result.path("precision").asInt(),
                values);
    }

    boolean isRejected() {
        return verdict.equals("REJECTED");
    }
}
