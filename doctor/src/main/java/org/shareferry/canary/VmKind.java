// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.canary;

import org.shareferry.delivery.Domain;

/// What a VM shows of itself when it greets its service. VMs of different protocols can show the same.
///
/// @param domain by its specification
/// @param parties N
/// @param threshold t, by `get_threshold()`
/// @param elementsInShare r, of what it writes for one whole share
public record VmKind(Domain domain, int parties, long threshold, int elementsInShare) {}
