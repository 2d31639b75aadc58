// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.evidence;

import picocli.CommandLine.Command;

/// The group of commands on evidence.
@Command(
        name = "evidence",
        description = "What a client's signed envelopes prove.",
        subcommands = EvidenceVerifyCommand.class,
        footer = {"", "Example:", "  shareferry evidence verify 4c33fafb.evidence --roster site/roster.json"})
public final class EvidenceCommand {}
