// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// An example: a web application that shows results of a client-service.
@NullMarked
package org.shareferry.example;

import org.jspecify.annotations.NullMarked;
