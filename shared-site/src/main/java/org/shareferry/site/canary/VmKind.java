// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.canary;

import org.shareferry.delivery.Domain;

/// The properties of a VM in its greeting. VMs of different protocols can have the same.
///
/// @param domain by its specification
/// @param parties N
/// @param threshold t, by `get_threshold()`
/// @param elementsInShare r, the number of elements in one whole share
public record VmKind(Domain domain, int parties, long threshold, int elementsInShare) {}
