// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import org.shareferry.canary.VmKind;

/// What the VM of one party said in a canary run.
///
/// @param kind what it showed of itself
/// @param hasWord whether it wrote the word after its checks, instead of ending
record Said(VmKind kind, boolean hasWord) {}
