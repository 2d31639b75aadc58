// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

/// Why a request has no answer.
///
/// @param reason for programs
/// @param detail for people
record Unanswered(UnansweredReason reason, String detail) {}
