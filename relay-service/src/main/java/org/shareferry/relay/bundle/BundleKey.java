// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Place;

/// Identifies a bundle by its delivery and place. Written `DELIVERY/KIND/INDEX` in logs.
///
/// @param delivery the delivery
/// @param place the place
record BundleKey(DeliveryKey delivery, Place place) {
    @Override
    public String toString() {
        return delivery + "/" + place.kind().text() + "/" + place.index();
    }
}
