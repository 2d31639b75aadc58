// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

/// Event: a VM on this machine listens on its client port.
///
/// @param port the TCP port itself
public record VmListens(int port) {}
