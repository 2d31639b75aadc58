// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The service beside a party.
@NullMarked
package org.shareferry.party;

import org.jspecify.annotations.NullMarked;
