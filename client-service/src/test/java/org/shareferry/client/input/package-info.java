// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.shareferry.client.input;

import org.jspecify.annotations.NullMarked;
