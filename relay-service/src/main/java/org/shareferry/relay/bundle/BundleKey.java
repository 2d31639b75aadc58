// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;

/// Which bundle: a delivery and a place in it. Written `DELIVERY/KIND/INDEX` where one text must name it.
///
/// @param delivery the delivery
/// @param place the place
record BundleKey(DeliveryKey delivery, Place place) {
    static BundleKey parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("A bundle is named by delivery, kind and index.");
        }
        return new BundleKey(DeliveryKey.parse(parts[0]), new Place(Kind.parse(parts[1]), Integer.parseInt(parts[2])));
    }

    @Override
    public String toString() {
        return delivery + "/" + place.kind().text() + "/" + place.index();
    }
}
