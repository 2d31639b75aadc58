// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// How long a service runs.
@NullMarked
package org.shareferry.service.lifecycle;

import org.jspecify.annotations.NullMarked;
