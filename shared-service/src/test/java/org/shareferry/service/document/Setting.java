// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import java.util.Optional;

/// One setting of a service.
///
/// @param name the full name, such as `shareferry.party.relay`
/// @param type the type and its bounds, in words
/// @param otherwise the value that holds if the setting is not set; empty if it must be set
/// @param meaning what the setting does: the `@param` text of its record
record Setting(String name, String type, Optional<String> otherwise, String meaning) {}
