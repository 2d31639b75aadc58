// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What operators watch.
@NullMarked
package org.shareferry.service.health;

import org.jspecify.annotations.NullMarked;
