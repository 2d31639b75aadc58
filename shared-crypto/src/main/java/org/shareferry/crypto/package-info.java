// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Cryptographic primitives, all unmodified published standards, and types for public and secret bytes. Only
/// `BouncyCastle` uses that provider.
@NullMarked
package org.shareferry.crypto;

import org.jspecify.annotations.NullMarked;
