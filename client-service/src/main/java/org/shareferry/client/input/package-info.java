// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Private inputs for MPC programs: waiting inputs, requests, and answers.
@NullMarked
package org.shareferry.client.input;

import org.jspecify.annotations.NullMarked;
