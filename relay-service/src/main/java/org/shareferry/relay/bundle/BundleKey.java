// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;

/// Which bundle: a delivery and a place in it. Written `DELIVERY/KIND/INDEX` where one text must name it.
///
/// @param delivery the delivery
/// @param place the place
record BundleKey(DeliveryId delivery, Place place) {
    static BundleKey parse(String text) {
        var parts = text.split("/", 3);
        return new BundleKey(DeliveryId.parse(parts[0]), new Place(Kind.parse(parts[1]), Integer.parseInt(parts[2])));
    }

    @Override
    public String toString() {
        return delivery + "/" + place.kind().text() + "/" + place.index();
    }
}
