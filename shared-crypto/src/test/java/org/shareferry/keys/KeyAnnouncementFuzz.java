// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class KeyAnnouncementFuzz extends DecoderFuzz {
    KeyAnnouncementFuzz() throws Exception {
        super(KeyAnnouncementTest.sample().encode());
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return KeyAnnouncement.decode(bytes).encode();
    }
}
