// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A client's signed word that it holds a bundle.
@NullMarked
package org.shareferry.receipt;

import org.jspecify.annotations.NullMarked;
