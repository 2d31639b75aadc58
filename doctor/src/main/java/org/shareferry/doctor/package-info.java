// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What can be wrong at a member, found before it hurts. The command `shareferry doctor` prints these
/// findings; services look for the same ones when they start and once an hour.
@NullMarked
package org.shareferry.doctor;

import org.jspecify.annotations.NullMarked;
