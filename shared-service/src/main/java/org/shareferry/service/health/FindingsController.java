// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.diagnostics.certificates.ValidityPeriod;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows the member's own users the findings that health shows on the management port, and the dates of certificates.
@RestController
@Tag(name = "findings", description = "The state of this member's files, database and neighbours")
class FindingsController {
    private static final String EXAMPLE = """
            {"findings": [{"area": "certificates", "checked": "tls.crt", "severity": "warning",
             "fault": "certificate-ends-soon", "cause": "tls.crt expires at 2026-06-11T12:00:00Z, in 10 days.",
             "fix": "shareferry certificates --member P1 --out new-2026-06-01 --host p1.example"}],
             "certificates": [{"name": "tls.crt", "from": "2025-06-11T12:00:00Z", "until": "2026-06-11T12:00:00Z"}]}""";

    private final DiagnosticsHealth health;

    FindingsController(DiagnosticsHealth health) {
        this.health = health;
    }

    /// The findings of the last check, and certificates.
    ///
    /// @param findings in the order of the checks
    /// @param certificates ascending by name
    record Findings(List<Shown> findings, List<Certificate> certificates) {}

    /// The result of one check.
    ///
    /// @param area of the check
    /// @param checked the checked item
    /// @param severity ok, warning or fault
    /// @param fault the id of the fault, as in docs/doctor.md; absent if nothing is wrong
    /// @param cause what is wrong and its consequence; without a fault, what was found
    /// @param fix a command that fixes the fault; absent without a fault
    @Schema(name = "Finding")
    record Shown(
            String area,
            String checked,

            @Schema(allowableValues = {"ok", "warning", "fault"})
            String severity,

            Optional<String> fault,
            String cause,
            Optional<String> fix) {
        static Shown of(Finding finding) {
            return new Shown(
                    finding.area().text(),
                    finding.checked(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.fault().map(Fault::id),
                    finding.cause(),
                    finding.fix());
        }
    }

    /// When a certificate is valid.
    ///
    /// @param name the file's, and whose certificate in it
    /// @param from the first moment
    /// @param until the last moment
    @Schema(name = "CertificateDates")
    record Certificate(String name, Instant from, Instant until) {
        static Certificate of(String name, ValidityPeriod term) {
            return new Certificate(name, term.from(), term.until());
        }
    }

    @GetMapping(
            path = "/v1/findings",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "listFindings",
            summary = "What `shareferry doctor` finds at this member",
            description = "For the member's own users. The service checks its files at the start and when certificates"
                    + " change, its database every few seconds, and everything, including its neighbours, once an"
                    + " hour. `certificates` has the dates of the certificates that were read.")
    @ApiResponse(
            responseCode = "200",
            description = "As of the last check",
            content = @Content(schema = @Schema(implementation = Findings.class), examples = @ExampleObject(EXAMPLE)))
    Findings findings() {
        return new Findings(
                health.findings().stream().map(Shown::of).toList(),
                health.validityPeriods().entrySet().stream()
                        .map(term -> Certificate.of(term.getKey(), term.getValue()))
                        .toList());
    }
}
