// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
/// The promises of k8s/.
@NullMarked
package org.shareferry.containers.kubernetes;

import org.jspecify.annotations.NullMarked;
