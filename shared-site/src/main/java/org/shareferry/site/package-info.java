// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The files and connections of one member. Services and command line share this module.
@NullMarked
package org.shareferry.site;

import org.jspecify.annotations.NullMarked;
