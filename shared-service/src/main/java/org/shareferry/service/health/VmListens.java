// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

/// A VM on this machine has its port for clients open at this moment.
///
/// @param port the TCP port itself
public record VmListens(int port) {}
