// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Start and end of a service's process.
@NullMarked
package org.shareferry.service.lifecycle;

import org.jspecify.annotations.NullMarked;
