// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
/// The whole flow in containers.
@NullMarked
package org.shareferry.containers;

import org.jspecify.annotations.NullMarked;
