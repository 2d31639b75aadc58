// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import org.shareferry.site.canary.VmKind;

/// The result of one party's VM in a canary run.
///
/// @param kind domain, parties and threshold of its greeting
/// @param hasWord whether it wrote the word after its checks, instead of ending
record CanaryRunResult(VmKind kind, boolean hasWord) {}
