// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The primitives, each a published standard used as published, and the two kinds of bytes: public and secret. Only
/// `BouncyCastle` touches that provider.
@NullMarked
package org.shareferry.crypto;

import org.jspecify.annotations.NullMarked;
