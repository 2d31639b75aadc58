// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Where this member's TLS files are. They are read again when their content changes.
///
/// @param certificate PEM file: the service's own certificate, followed by those of the authorities that others
///     need.
/// @param privateKey PEM file: the private key of the certificate.
/// @param trust PEM file: pinned certificates of neighbours, users and monitors.
/// @param authorities JSON file: authorities, each with the members that it may issue certificates for. The file
///     may be missing.
@Validated
@ConfigurationProperties("shareferry.tls")
public record TlsProperties(
        @NotNull Path certificate,
        @NotNull Path privateKey,
        @NotNull Path trust,
        @NotNull Path authorities) {}
