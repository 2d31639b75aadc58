// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Address and secret of a client's webhook.
@NullMarked
package org.shareferry.site.webhook;

import org.jspecify.annotations.NullMarked;
