// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Documents that are made from the code, or name parts of it, and the tests that keep them true.
@NullMarked
package org.shareferry.service.document;

import org.jspecify.annotations.NullMarked;
